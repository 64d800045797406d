ALTER TABLE app ADD COLUMN usable_from INTEGER
;
ALTER TABLE browser ADD COLUMN accepted_at INTEGER
;
ALTER TABLE challenge ADD COLUMN sends INTEGER
;
ALTER TABLE challenge ADD COLUMN sent_at INTEGER
;
PRAGMA writable_schema = ON
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE app (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, secret BLOB NOT NULL, made_at INTEGER NOT NULL, confirmed_at INTEGER, last_step INTEGER NOT NULL, usable_from INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT' WHERE type = 'table' AND name = 'app'
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE browser (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, token BLOB NOT NULL, first_at INTEGER NOT NULL, previous BLOB, spent BLOB, name TEXT NOT NULL, family TEXT NOT NULL, seen_at INTEGER NOT NULL, ended_at INTEGER, accepted_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT' WHERE type = 'table' AND name = 'browser'
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE intent (id INTEGER NOT NULL PRIMARY KEY, nonce TEXT NOT NULL, person_id INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, amount INTEGER CHECK (amount > 0), currency TEXT CHECK (length(currency) = 3), payee TEXT NOT NULL, digest BLOB NOT NULL CHECK (length(digest) = 32), opened_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, cancelled_at INTEGER, posted_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (cancelled_at IS NULL OR posted_at IS NULL), CHECK ((amount IS NULL) = (currency IS NULL))) STRICT' WHERE type = 'table' AND name = 'intent'
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE challenge (id INTEGER NOT NULL PRIMARY KEY, intent_id INTEGER NOT NULL, way TEXT NOT NULL CHECK (way IN (''sheet'', ''app'', ''passkey'', ''sms'')), sheet_id INTEGER, "n" INTEGER, tries INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 3), used_at INTEGER, sends INTEGER CHECK (sends BETWEEN 1 AND 3), sent_at INTEGER, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, FOREIGN KEY (sheet_id) REFERENCES tan_sheet (id) ON DELETE RESTRICT, CHECK ((way = ''sheet'') = (n IS NOT NULL AND sheet_id IS NOT NULL)), CHECK ((sends IS NULL) = (sent_at IS NULL))) STRICT' WHERE type = 'table' AND name = 'challenge'
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE way (person_id INTEGER NOT NULL, way TEXT NOT NULL CHECK (way IN (''sheet'', ''app'', ''passkey'', ''sms'')), wrong_in_row INTEGER NOT NULL, wrong_ever INTEGER NOT NULL, blocks INTEGER NOT NULL, blocked_at INTEGER, opens_at INTEGER, PRIMARY KEY (person_id, way), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (opens_at IS NULL OR blocked_at IS NOT NULL AND opens_at > blocked_at), CHECK (blocked_at IS NULL OR blocks > 0)) STRICT' WHERE type = 'table' AND name = 'way'
;
PRAGMA writable_schema = RESET
;
CREATE TABLE permit (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, source TEXT NOT NULL CHECK (source IN ('office', 'way', 'recovery')), made_at INTEGER NOT NULL, made_by INTEGER, expires_at INTEGER NOT NULL, used_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE INDEX permit_open ON permit (person_id) WHERE used_at IS NULL
;
CREATE TABLE phone (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, number BLOB NOT NULL, ending TEXT NOT NULL, made_at INTEGER NOT NULL, tries INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 3), sends INTEGER NOT NULL CHECK (sends BETWEEN 0 AND 3), sent_at INTEGER, verified_at INTEGER, usable_from INTEGER, ended_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ((verified_at IS NULL) = (usable_from IS NULL))) STRICT
;
CREATE INDEX phone_person ON phone (person_id) WHERE ended_at IS NULL
;
CREATE TABLE recovery (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, document TEXT NOT NULL, opened_at INTEGER NOT NULL, opened_by INTEGER NOT NULL, approved_at INTEGER, approved_by INTEGER, alone INTEGER NOT NULL CHECK (alone IN (0, 1)), "until" INTEGER, spent INTEGER NOT NULL, cancelled_at INTEGER, told_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (approved_at IS NULL OR cancelled_at IS NULL OR cancelled_at >= approved_at), CHECK (alone = 1 OR approved_by IS NULL OR approved_by <> opened_by), CHECK ((approved_at IS NULL) = (until IS NULL))) STRICT
;
CREATE UNIQUE INDEX recovery_open ON recovery (person_id) WHERE approved_at IS NULL AND cancelled_at IS NULL
;
CREATE INDEX recovery_in_force ON recovery (person_id, "until") WHERE approved_at IS NOT NULL AND cancelled_at IS NULL
;
CREATE TABLE recovery_sheet (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, stop_code BLOB NOT NULL, made_at INTEGER NOT NULL, ended_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX recovery_sheet_in_force ON recovery_sheet (person_id) WHERE ended_at IS NULL
;
CREATE TABLE recovery_code (sheet_id INTEGER NOT NULL, "n" INTEGER NOT NULL, digest BLOB NOT NULL, used_at INTEGER, PRIMARY KEY (sheet_id, "n"), FOREIGN KEY (sheet_id) REFERENCES recovery_sheet (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX recovery_code_digest ON recovery_code (digest)
;
CREATE TABLE security_level (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4), "since" INTEGER NOT NULL, chosen_at INTEGER NOT NULL, "by" INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE INDEX security_level_person ON security_level (person_id, id)
;
CREATE TRIGGER permit_no_update BEFORE UPDATE OF id, person_id, source, made_at, made_by, expires_at ON permit BEGIN SELECT RAISE(ABORT, 'permit is immutable'); END
;
CREATE TRIGGER permit_no_delete BEFORE DELETE ON permit BEGIN SELECT RAISE(ABORT, 'permit is immutable'); END
;
CREATE TRIGGER phone_no_update BEFORE UPDATE OF id, person_id, ending, made_at ON phone BEGIN SELECT RAISE(ABORT, 'phone is immutable'); END
;
CREATE TRIGGER phone_no_delete BEFORE DELETE ON phone BEGIN SELECT RAISE(ABORT, 'phone is immutable'); END
;
CREATE TRIGGER recovery_no_update BEFORE UPDATE OF id, person_id, document, opened_at, opened_by ON recovery BEGIN SELECT RAISE(ABORT, 'recovery is immutable'); END
;
CREATE TRIGGER recovery_no_delete BEFORE DELETE ON recovery BEGIN SELECT RAISE(ABORT, 'recovery is immutable'); END
;
CREATE TRIGGER recovery_sheet_no_update BEFORE UPDATE OF id, person_id, stop_code, made_at ON recovery_sheet BEGIN SELECT RAISE(ABORT, 'recovery_sheet is immutable'); END
;
CREATE TRIGGER recovery_sheet_no_delete BEFORE DELETE ON recovery_sheet BEGIN SELECT RAISE(ABORT, 'recovery_sheet is immutable'); END
;
CREATE TRIGGER security_level_no_update BEFORE UPDATE ON security_level BEGIN SELECT RAISE(ABORT, 'security_level is immutable'); END
;
CREATE TRIGGER security_level_no_delete BEFORE DELETE ON security_level BEGIN SELECT RAISE(ABORT, 'security_level is immutable'); END
