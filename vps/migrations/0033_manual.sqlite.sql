CREATE INDEX commission_run_manual_lane ON commission_run (lane, id) WHERE kind = 'manual'
;
CREATE INDEX commission_run_manual ON commission_run (id) WHERE kind = 'manual'
;
CREATE TABLE manual_provision (run_id INTEGER NOT NULL, n INTEGER NOT NULL CHECK (n > 0), person_id INTEGER NOT NULL, kind TEXT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), amount INTEGER NOT NULL CHECK (amount > 0), text TEXT NOT NULL CHECK (length(text) > 0), PRIMARY KEY (run_id, n), FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT, WITHOUT ROWID
;
CREATE INDEX manual_provision_person ON manual_provision (person_id, run_id, n)
;
CREATE TABLE manual_provision_back (id INTEGER NOT NULL PRIMARY KEY, run_id INTEGER NOT NULL, person_id INTEGER NOT NULL, kind TEXT NOT NULL, booking INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), reason TEXT NOT NULL CHECK (length(reason) > 0), as_debt INTEGER NOT NULL, asked_by INTEGER NOT NULL, asked_at INTEGER NOT NULL, approved_by INTEGER, approved_at INTEGER, refused_by INTEGER, refused_at INTEGER, refused_why TEXT NOT NULL, reversal INTEGER, FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (approved_by <> asked_by), CHECK ((approved_by IS NULL) = (approved_at IS NULL)), CHECK ((refused_by IS NULL) = (refused_at IS NULL)), CHECK (approved_at IS NULL OR reversal IS NOT NULL), CHECK (refused_at IS NULL OR reversal IS NULL), FOREIGN KEY (booking) REFERENCES booking (id), FOREIGN KEY (reversal) REFERENCES booking (id)) STRICT
;
CREATE UNIQUE INDEX manual_provision_back_live ON manual_provision_back (booking) WHERE refused_at IS NULL
;
CREATE INDEX manual_provision_back_open ON manual_provision_back (id) WHERE reversal IS NULL AND refused_at IS NULL
;
CREATE TRIGGER manual_provision_no_update BEFORE UPDATE ON manual_provision BEGIN SELECT RAISE(ABORT, 'manual_provision is immutable'); END
;
CREATE TRIGGER manual_provision_no_delete BEFORE DELETE ON manual_provision BEGIN SELECT RAISE(ABORT, 'manual_provision is immutable'); END
;
CREATE TRIGGER manual_provision_back_no_update BEFORE UPDATE OF id, run_id, person_id, kind, booking, amount, currency, reason, as_debt, asked_by, asked_at ON manual_provision_back BEGIN SELECT RAISE(ABORT, 'manual_provision_back is immutable'); END
;
CREATE TRIGGER manual_provision_back_no_delete BEFORE DELETE ON manual_provision_back BEGIN SELECT RAISE(ABORT, 'manual_provision_back is immutable'); END
