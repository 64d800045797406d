CREATE TABLE identity_document (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('passport', 'id-card', 'licence', 'contract')), added_at INTEGER NOT NULL, forgotten_at INTEGER, forgotten_by INTEGER, forgotten_why TEXT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ((forgotten_at IS NULL) = (forgotten_why = ''))) STRICT
;
CREATE TABLE identity_picture (id INTEGER NOT NULL PRIMARY KEY, document_id INTEGER NOT NULL, n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 3), name TEXT NOT NULL, size INTEGER NOT NULL CHECK (size > 0), sha256 BLOB NOT NULL CHECK (length(sha256) = 32), secret BLOB, FOREIGN KEY (document_id) REFERENCES identity_document (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX identity_picture_name ON identity_picture (name)
;
CREATE UNIQUE INDEX identity_picture_n ON identity_picture (document_id, n)
;
CREATE TABLE identity_step (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, step TEXT NOT NULL CHECK (step IN ('email', 'mobile', 'address', 'birth', 'document', 'iban', 'contract')), value TEXT NOT NULL, asked_at INTEGER NOT NULL, tries INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 3), sends INTEGER NOT NULL CHECK (sends BETWEEN 0 AND 3), sent_at INTEGER, document_id INTEGER, seen_at INTEGER, seen_by INTEGER, accepted_at INTEGER, accepted_by INTEGER, rejected_at INTEGER, rejected_by INTEGER, reason TEXT NOT NULL, expires_on TEXT, told_at INTEGER, expired_at INTEGER, replaced_at INTEGER, withdrawn_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (document_id) REFERENCES identity_document (id) ON DELETE RESTRICT, CHECK (accepted_at IS NULL OR rejected_at IS NULL), CHECK (accepted_at IS NOT NULL OR (expired_at IS NULL AND replaced_at IS NULL)), CHECK ((seen_at IS NULL) = (seen_by IS NULL)), CHECK (seen_by IS NULL OR accepted_by IS NULL OR seen_by <> accepted_by), CHECK (accepted_by IS NULL OR accepted_by <> person_id), CHECK (rejected_at IS NULL OR reason <> '')) STRICT
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
CREATE TRIGGER identity_document_no_update BEFORE UPDATE OF id, person_id, kind, added_at ON identity_document BEGIN SELECT RAISE(ABORT, 'identity_document is immutable'); END
;
CREATE TRIGGER identity_document_no_delete BEFORE DELETE ON identity_document BEGIN SELECT RAISE(ABORT, 'identity_document is immutable'); END
;
CREATE TRIGGER identity_picture_no_update BEFORE UPDATE OF id, document_id, n, name, size, sha256 ON identity_picture BEGIN SELECT RAISE(ABORT, 'identity_picture is immutable'); END
;
CREATE TRIGGER identity_picture_no_delete BEFORE DELETE ON identity_picture BEGIN SELECT RAISE(ABORT, 'identity_picture is immutable'); END
;
CREATE TRIGGER identity_step_no_update BEFORE UPDATE OF id, person_id, step, asked_at, document_id ON identity_step BEGIN SELECT RAISE(ABORT, 'identity_step is immutable'); END
;
CREATE TRIGGER identity_step_no_delete BEFORE DELETE ON identity_step BEGIN SELECT RAISE(ABORT, 'identity_step is immutable'); END
