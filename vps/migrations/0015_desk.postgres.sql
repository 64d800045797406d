CREATE INDEX voucher_receipt_day ON voucher (day) WHERE kind = 'receipt'
;
CREATE TABLE job (id BIGSERIAL NOT NULL PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, args TEXT NOT NULL, due BIGINT NOT NULL, lease_until BIGINT, tries INTEGER NOT NULL CHECK (tries >= 0), progress TEXT NOT NULL, error TEXT, done_at BIGINT)
;
CREATE UNIQUE INDEX job_key ON job (key)
;
CREATE INDEX job_open ON job (due, id) WHERE done_at IS NULL
;
CREATE TABLE statement_end (id BIGSERIAL NOT NULL PRIMARY KEY, statement_id BIGINT NOT NULL, batch_id BIGINT NOT NULL, shown TEXT NOT NULL, FOREIGN KEY (statement_id) REFERENCES bank_statement (id) ON DELETE RESTRICT, FOREIGN KEY (batch_id) REFERENCES batch (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX statement_end_statement_id ON statement_end (statement_id)
;
CREATE TABLE waiting_file (id BIGSERIAL NOT NULL PRIMARY KEY, digest BYTEA NOT NULL CHECK (length(digest) = 32), name TEXT NOT NULL, content BYTEA NOT NULL, found_at BIGINT NOT NULL, refused TEXT, done_at BIGINT)
;
CREATE UNIQUE INDEX waiting_file_digest ON waiting_file (digest)
;
CREATE INDEX waiting_file_open ON waiting_file (found_at) WHERE done_at IS NULL
;
CREATE TRIGGER job_no_update BEFORE UPDATE OF id, kind, key ON job FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER job_no_delete BEFORE DELETE ON job FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER job_no_truncate BEFORE TRUNCATE ON job FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER statement_end_no_update BEFORE UPDATE ON statement_end FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER statement_end_no_delete BEFORE DELETE ON statement_end FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER statement_end_no_truncate BEFORE TRUNCATE ON statement_end FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
