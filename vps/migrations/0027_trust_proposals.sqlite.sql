CREATE TABLE trust_proposal (id INTEGER NOT NULL PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('set', 'level', 'exception')), person_id INTEGER, body TEXT NOT NULL, reason TEXT NOT NULL CHECK (length(reason) > 0), base INTEGER NOT NULL, asked_at INTEGER NOT NULL, asked_by INTEGER NOT NULL, approved_at INTEGER, approved_by INTEGER, ended_at INTEGER, ended_by INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ((kind = 'set') = (person_id IS NULL)), CHECK (approved_by <> asked_by), CHECK ((approved_at IS NULL) = (approved_by IS NULL)), CHECK ((ended_at IS NULL) = (ended_by IS NULL)), CHECK (approved_at IS NULL OR ended_at IS NULL)) STRICT
;
CREATE INDEX trust_proposal_waiting ON trust_proposal (person_id, id) WHERE approved_at IS NULL AND ended_at IS NULL
;
CREATE TRIGGER trust_proposal_no_update BEFORE UPDATE OF id, kind, person_id, body, reason, base, asked_at, asked_by ON trust_proposal BEGIN SELECT RAISE(ABORT, 'trust_proposal is immutable'); END
;
CREATE TRIGGER trust_proposal_no_delete BEFORE DELETE ON trust_proposal BEGIN SELECT RAISE(ABORT, 'trust_proposal is immutable'); END
