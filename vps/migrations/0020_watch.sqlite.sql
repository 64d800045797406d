ALTER TABLE browser ADD COLUMN also INTEGER
;
CREATE INDEX person_phone ON person (phone) WHERE phone <> ''
;
CREATE INDEX booking_transfer_out ON booking (debit_id, id) WHERE motive = 'transfer'
;
CREATE INDEX booking_transfer_in ON booking (credit_id, id) WHERE motive = 'transfer'
;
CREATE INDEX booking_top_up ON booking (credit_id, id) WHERE motive = 'top-up'
;
CREATE UNIQUE INDEX transfer_arrival ON transfer (arrival) WHERE arrival IS NOT NULL
;
CREATE INDEX browser_also ON browser (also) WHERE also IS NOT NULL
;
CREATE TABLE watch_case (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, opened_at INTEGER NOT NULL, opened_by INTEGER, closing_by INTEGER, closing_at INTEGER, closing_why TEXT CHECK (length(closing_why) > 0), closed_by INTEGER, closed_at INTEGER, outcome TEXT CHECK (outcome IN ('harmless', 'reported', 'ended')), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (closing_by <> closed_by), CHECK ((closing_by IS NULL) = (closing_at IS NULL)), CHECK ((closing_by IS NULL) = (closing_why IS NULL)), CHECK ((closing_by IS NULL) = (outcome IS NULL)), CHECK ((closed_by IS NULL) = (closed_at IS NULL)), CHECK (closed_by IS NULL OR closing_by IS NOT NULL)) STRICT
;
CREATE UNIQUE INDEX watch_case_of_person ON watch_case (person_id) WHERE closed_at IS NULL
;
CREATE INDEX watch_case_person ON watch_case (person_id, id)
;
CREATE INDEX watch_case_open ON watch_case (opened_at, id) WHERE closed_at IS NULL
;
CREATE INDEX watch_case_closed ON watch_case (closed_at, id) WHERE closed_at IS NOT NULL
;
CREATE TABLE case_note (id INTEGER NOT NULL PRIMARY KEY, case_id INTEGER NOT NULL, by INTEGER NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL CHECK (length(text) > 0), FOREIGN KEY (case_id) REFERENCES watch_case (id) ON DELETE RESTRICT) STRICT
;
CREATE INDEX case_note_case ON case_note (case_id, id)
;
CREATE TABLE flag (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, rule TEXT NOT NULL CHECK (rule IN ('M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7', 'M8', 'M9', 'M10', 'M11', 'M12')), key TEXT NOT NULL, booking INTEGER, facts TEXT NOT NULL, at INTEGER NOT NULL, case_id INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (case_id) REFERENCES watch_case (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id)) STRICT
;
CREATE UNIQUE INDEX flag_key ON flag (key)
;
CREATE INDEX flag_case ON flag (case_id, id)
;
CREATE TRIGGER watch_case_no_update BEFORE UPDATE OF id, person_id, opened_at, opened_by ON watch_case BEGIN SELECT RAISE(ABORT, 'watch_case is immutable'); END
;
CREATE TRIGGER watch_case_no_delete BEFORE DELETE ON watch_case BEGIN SELECT RAISE(ABORT, 'watch_case is immutable'); END
;
CREATE TRIGGER case_note_no_update BEFORE UPDATE ON case_note BEGIN SELECT RAISE(ABORT, 'case_note is immutable'); END
;
CREATE TRIGGER case_note_no_delete BEFORE DELETE ON case_note BEGIN SELECT RAISE(ABORT, 'case_note is immutable'); END
;
CREATE TRIGGER flag_no_update BEFORE UPDATE OF id, person_id, rule, key, booking, facts, at ON flag BEGIN SELECT RAISE(ABORT, 'flag is immutable'); END
;
CREATE TRIGGER flag_no_delete BEFORE DELETE ON flag BEGIN SELECT RAISE(ABORT, 'flag is immutable'); END
