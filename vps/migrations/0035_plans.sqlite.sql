CREATE TABLE commission_trial (id INTEGER NOT NULL PRIMARY KEY, plan_id INTEGER NOT NULL, against_id INTEGER, "since" TEXT NOT NULL, "until" TEXT NOT NULL, asked_at INTEGER NOT NULL, asked_by INTEGER, facts TEXT NOT NULL, done_at INTEGER, FOREIGN KEY (plan_id) REFERENCES commission_plan (id) ON DELETE RESTRICT, FOREIGN KEY (against_id) REFERENCES commission_plan (id) ON DELETE RESTRICT, CHECK (until > since), CHECK ((done_at IS NULL) = (facts = ''))) STRICT
;
CREATE INDEX commission_trial_plan ON commission_trial (plan_id, id)
;
CREATE TABLE commission_trial_share (trial_id INTEGER NOT NULL, payee INTEGER NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), amount INTEGER NOT NULL CHECK (amount >= 0), was INTEGER NOT NULL CHECK (was >= 0), PRIMARY KEY (trial_id, payee, currency), FOREIGN KEY (trial_id) REFERENCES commission_trial (id) ON DELETE RESTRICT) STRICT, WITHOUT ROWID
;
CREATE TRIGGER commission_trial_no_update BEFORE UPDATE OF id, plan_id, against_id, since, until, asked_at, asked_by ON commission_trial BEGIN SELECT RAISE(ABORT, 'commission_trial is immutable'); END
;
CREATE TRIGGER commission_trial_no_delete BEFORE DELETE ON commission_trial BEGIN SELECT RAISE(ABORT, 'commission_trial is immutable'); END
