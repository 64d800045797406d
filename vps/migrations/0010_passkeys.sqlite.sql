CREATE TABLE passkey (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, credential BLOB NOT NULL CHECK (length(credential) BETWEEN 16 AND 1023), public_key BLOB NOT NULL CHECK (length(public_key) BETWEEN 1 AND 1024), sign_count INTEGER NOT NULL CHECK (sign_count >= 0), name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 160), made_at INTEGER NOT NULL, usable_from INTEGER NOT NULL, used_at INTEGER, ended_at INTEGER, mac BLOB NOT NULL CHECK (length(mac) = 32), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX passkey_credential ON passkey (credential)
;
CREATE INDEX passkey_person ON passkey (person_id) WHERE ended_at IS NULL
;
CREATE TRIGGER passkey_no_update BEFORE UPDATE OF id, person_id, credential, public_key, name, made_at, usable_from, mac ON passkey BEGIN SELECT RAISE(ABORT, 'passkey is immutable'); END
;
CREATE TRIGGER passkey_no_delete BEFORE DELETE ON passkey BEGIN SELECT RAISE(ABORT, 'passkey is immutable'); END
