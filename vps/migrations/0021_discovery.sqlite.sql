CREATE INDEX bank_line_party ON bank_line (party_account, id) WHERE party_account <> ''
;
CREATE TABLE dossier (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, from_day TEXT, to_day TEXT, reason TEXT NOT NULL CHECK (reason <> ''), upto INTEGER NOT NULL, made_at INTEGER NOT NULL, made_by INTEGER NOT NULL, flows TEXT NOT NULL, digest BLOB CHECK (length(digest) = 32), size INTEGER, done_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ((done_at IS NULL) = (digest IS NULL)), CHECK ((done_at IS NULL) = (size IS NULL))) STRICT
;
CREATE INDEX dossier_person ON dossier (person_id, id)
;
CREATE TABLE dossier_part (id INTEGER NOT NULL PRIMARY KEY, dossier_id INTEGER NOT NULL, n INTEGER NOT NULL CHECK (n >= 0), content BLOB NOT NULL, FOREIGN KEY (dossier_id) REFERENCES dossier (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX dossier_part_dossier_id_n ON dossier_part (dossier_id, n)
;
CREATE TABLE legal_hold (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, file_number TEXT NOT NULL CHECK (file_number <> ''), reason TEXT NOT NULL CHECK (reason <> ''), from_at INTEGER NOT NULL, "by" INTEGER NOT NULL, ended_at INTEGER, ended_by INTEGER, ended_why TEXT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ((ended_at IS NULL) = (ended_by IS NULL)), CHECK ((ended_at IS NULL) = (ended_why = ''))) STRICT
;
CREATE INDEX legal_hold_person ON legal_hold (person_id) WHERE ended_at IS NULL
;
CREATE TRIGGER dossier_no_update BEFORE UPDATE OF id, person_id, from_day, to_day, reason, upto, made_at, made_by ON dossier BEGIN SELECT RAISE(ABORT, 'dossier is immutable'); END
;
CREATE TRIGGER dossier_no_delete BEFORE DELETE ON dossier BEGIN SELECT RAISE(ABORT, 'dossier is immutable'); END
;
CREATE TRIGGER legal_hold_no_update BEFORE UPDATE OF id, person_id, file_number, reason, from_at, by ON legal_hold BEGIN SELECT RAISE(ABORT, 'legal_hold is immutable'); END
;
CREATE TRIGGER legal_hold_no_delete BEFORE DELETE ON legal_hold BEGIN SELECT RAISE(ABORT, 'legal_hold is immutable'); END
