CREATE TABLE cent (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, payee_id INTEGER NOT NULL, payout_id INTEGER NOT NULL, asked_at INTEGER NOT NULL, tries INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 3), confirmed_at INTEGER, ended_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (payee_id) REFERENCES payee_account (id) ON DELETE RESTRICT, FOREIGN KEY (payout_id) REFERENCES payout (id) ON DELETE RESTRICT, CHECK (confirmed_at IS NULL OR ended_at IS NULL)) STRICT
;
CREATE UNIQUE INDEX cent_payout_id ON cent (payout_id)
;
CREATE INDEX cent_person ON cent (person_id, asked_at)
;
CREATE UNIQUE INDEX cent_open ON cent (payee_id) WHERE confirmed_at IS NULL AND ended_at IS NULL
;
CREATE TRIGGER cent_no_update BEFORE UPDATE OF id, person_id, payee_id, payout_id, asked_at ON cent BEGIN SELECT RAISE(ABORT, 'cent is immutable'); END
;
CREATE TRIGGER cent_no_delete BEFORE DELETE ON cent BEGIN SELECT RAISE(ABORT, 'cent is immutable'); END
