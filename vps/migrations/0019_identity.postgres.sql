CREATE TABLE identity_document (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('passport', 'id-card', 'licence', 'contract')), added_at BIGINT NOT NULL, forgotten_at BIGINT, forgotten_by BIGINT, forgotten_why TEXT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ((forgotten_at IS NULL) = (forgotten_why = '')))
;
CREATE TABLE identity_picture (id BIGSERIAL NOT NULL PRIMARY KEY, document_id BIGINT NOT NULL, n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 3), name TEXT NOT NULL, size INTEGER NOT NULL CHECK (size > 0), sha256 BYTEA NOT NULL CHECK (length(sha256) = 32), secret BYTEA, FOREIGN KEY (document_id) REFERENCES identity_document (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX identity_picture_name ON identity_picture (name)
;
CREATE UNIQUE INDEX identity_picture_n ON identity_picture (document_id, n)
;
CREATE TABLE identity_step (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, step TEXT NOT NULL CHECK (step IN ('email', 'mobile', 'address', 'birth', 'document', 'iban', 'contract')), value TEXT NOT NULL, asked_at BIGINT NOT NULL, tries INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 3), sends INTEGER NOT NULL CHECK (sends BETWEEN 0 AND 3), sent_at BIGINT, document_id BIGINT, seen_at BIGINT, seen_by BIGINT, accepted_at BIGINT, accepted_by BIGINT, rejected_at BIGINT, rejected_by BIGINT, reason TEXT NOT NULL, expires_on TEXT, told_at BIGINT, expired_at BIGINT, replaced_at BIGINT, withdrawn_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (document_id) REFERENCES identity_document (id) ON DELETE RESTRICT, CHECK (accepted_at IS NULL OR rejected_at IS NULL), CHECK (accepted_at IS NOT NULL OR (expired_at IS NULL AND replaced_at IS NULL)), CHECK ((seen_at IS NULL) = (seen_by IS NULL)), CHECK (seen_by IS NULL OR accepted_by IS NULL OR seen_by <> accepted_by), CHECK (accepted_by IS NULL OR accepted_by <> person_id), CHECK (rejected_at IS NULL OR reason <> ''))
;
CREATE INDEX identity_step_person ON identity_step (person_id, step, id)
;
CREATE UNIQUE INDEX identity_step_waits ON identity_step (person_id, step) WHERE accepted_at IS NULL AND rejected_at IS NULL AND withdrawn_at IS NULL
;
CREATE UNIQUE INDEX identity_step_lasts ON identity_step (person_id, step) WHERE accepted_at IS NOT NULL AND expired_at IS NULL AND replaced_at IS NULL AND withdrawn_at IS NULL
;
CREATE INDEX identity_step_queue ON identity_step (id) WHERE accepted_at IS NULL AND rejected_at IS NULL AND withdrawn_at IS NULL AND step IN ('address', 'birth', 'document', 'contract')
;
CREATE INDEX identity_step_expires ON identity_step (expires_on) WHERE accepted_at IS NOT NULL AND expired_at IS NULL AND replaced_at IS NULL AND withdrawn_at IS NULL AND expires_on IS NOT NULL
;
CREATE TRIGGER identity_document_no_update BEFORE UPDATE OF id, person_id, kind, added_at ON identity_document FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER identity_document_no_delete BEFORE DELETE ON identity_document FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER identity_document_no_truncate BEFORE TRUNCATE ON identity_document FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER identity_picture_no_update BEFORE UPDATE OF id, document_id, n, name, size, sha256 ON identity_picture FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER identity_picture_no_delete BEFORE DELETE ON identity_picture FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER identity_picture_no_truncate BEFORE TRUNCATE ON identity_picture FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER identity_step_no_update BEFORE UPDATE OF id, person_id, step, asked_at, document_id ON identity_step FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER identity_step_no_delete BEFORE DELETE ON identity_step FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER identity_step_no_truncate BEFORE TRUNCATE ON identity_step FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
