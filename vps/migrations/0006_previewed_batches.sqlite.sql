ALTER TABLE session ADD COLUMN stepped_at INTEGER
;
CREATE TABLE batch (id INTEGER NOT NULL PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, digest BLOB NOT NULL CHECK (length(digest) = 32), count INTEGER NOT NULL CHECK (count >= 0), amount INTEGER NOT NULL CHECK (amount >= 0), currency TEXT NOT NULL CHECK (length(currency) = 3), made_by INTEGER NOT NULL, made_at INTEGER NOT NULL, authorised_by INTEGER, authorised_at INTEGER, address TEXT, CHECK ((authorised_at IS NULL) = (authorised_by IS NULL)), CHECK ((authorised_at IS NULL) = (address IS NULL))) STRICT
;
CREATE INDEX batch_open ON batch (kind, subject) WHERE authorised_at IS NULL
;
CREATE TABLE statement_upload (id INTEGER NOT NULL PRIMARY KEY, batch_id INTEGER NOT NULL, name TEXT NOT NULL, content BLOB, shown TEXT NOT NULL, FOREIGN KEY (batch_id) REFERENCES batch (id) ON DELETE RESTRICT) STRICT
;
CREATE INDEX statement_upload_batch ON statement_upload (batch_id)
;
CREATE TRIGGER batch_no_update BEFORE UPDATE OF id, kind, subject, digest, count, amount, currency, made_by, made_at ON batch BEGIN SELECT RAISE(ABORT, 'batch is immutable'); END
;
CREATE TRIGGER batch_no_delete BEFORE DELETE ON batch BEGIN SELECT RAISE(ABORT, 'batch is immutable'); END
