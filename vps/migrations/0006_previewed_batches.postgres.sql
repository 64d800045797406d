ALTER TABLE session ADD COLUMN stepped_at BIGINT
;
CREATE TABLE batch (id BIGSERIAL NOT NULL PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, digest BYTEA NOT NULL CHECK (length(digest) = 32), count INTEGER NOT NULL CHECK (count >= 0), amount BIGINT NOT NULL CHECK (amount >= 0), currency TEXT NOT NULL CHECK (length(currency) = 3), made_by BIGINT NOT NULL, made_at BIGINT NOT NULL, authorised_by BIGINT, authorised_at BIGINT, address TEXT, CHECK ((authorised_at IS NULL) = (authorised_by IS NULL)), CHECK ((authorised_at IS NULL) = (address IS NULL)))
;
CREATE INDEX batch_open ON batch (kind, subject) WHERE authorised_at IS NULL
;
CREATE TABLE statement_upload (id BIGSERIAL NOT NULL PRIMARY KEY, batch_id BIGINT NOT NULL, name TEXT NOT NULL, content BYTEA, shown TEXT NOT NULL, FOREIGN KEY (batch_id) REFERENCES batch (id) ON DELETE RESTRICT)
;
CREATE INDEX statement_upload_batch ON statement_upload (batch_id)
;
CREATE TRIGGER batch_no_update BEFORE UPDATE OF id, kind, subject, digest, count, amount, currency, made_by, made_at ON batch FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER batch_no_delete BEFORE DELETE ON batch FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER batch_no_truncate BEFORE TRUNCATE ON batch FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
