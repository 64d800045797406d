CREATE TABLE debt_plan (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, account_id INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), instalment INTEGER NOT NULL CHECK (instalment > 0), day INTEGER NOT NULL CHECK (day BETWEEN 1 AND 31), text TEXT NOT NULL, agreed_at INTEGER NOT NULL, "by" INTEGER, booking INTEGER NOT NULL, next_due TEXT NOT NULL CHECK (length(next_due) = 10), ended_at INTEGER, ended_by INTEGER, written_off INTEGER, written_why TEXT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT, CHECK (instalment <= amount), CHECK (written_off IS NULL OR ended_at IS NOT NULL), FOREIGN KEY (booking) REFERENCES booking (id), FOREIGN KEY (written_off) REFERENCES booking (id)) STRICT
;
CREATE UNIQUE INDEX debt_plan_booking ON debt_plan (booking)
;
CREATE UNIQUE INDEX debt_plan_open ON debt_plan (account_id) WHERE ended_at IS NULL
;
CREATE INDEX debt_plan_person ON debt_plan (person_id)
;
CREATE INDEX debt_plan_due ON debt_plan (next_due) WHERE ended_at IS NULL
;
CREATE TABLE debt_payment (id INTEGER NOT NULL PRIMARY KEY, plan_id INTEGER NOT NULL, key TEXT NOT NULL, due TEXT, amount INTEGER NOT NULL CHECK (amount >= 0), booking INTEGER, at INTEGER NOT NULL, FOREIGN KEY (plan_id) REFERENCES debt_plan (id) ON DELETE RESTRICT, CHECK ((amount > 0) = (booking IS NOT NULL)), FOREIGN KEY (booking) REFERENCES booking (id)) STRICT
;
CREATE UNIQUE INDEX debt_payment_key ON debt_payment (key)
;
CREATE UNIQUE INDEX debt_payment_booking ON debt_payment (booking)
;
CREATE INDEX debt_payment_plan ON debt_payment (plan_id, id)
;
CREATE TABLE office_transfer (id INTEGER NOT NULL PRIMARY KEY, key TEXT NOT NULL, debit_id INTEGER NOT NULL, credit_id INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), reason TEXT NOT NULL CHECK (length(reason) > 0), reverses_id INTEGER, as_debt INTEGER NOT NULL, asked_by INTEGER NOT NULL, asked_at INTEGER NOT NULL, approved_by INTEGER, approved_at INTEGER, refused_by INTEGER, refused_at INTEGER, refused_why TEXT NOT NULL, transfer_id INTEGER, FOREIGN KEY (debit_id) REFERENCES account (id) ON DELETE RESTRICT, FOREIGN KEY (credit_id) REFERENCES account (id) ON DELETE RESTRICT, FOREIGN KEY (reverses_id) REFERENCES transfer (id) ON DELETE RESTRICT, FOREIGN KEY (transfer_id) REFERENCES transfer (id) ON DELETE RESTRICT, CHECK (debit_id <> credit_id), CHECK (approved_by <> asked_by), CHECK ((approved_by IS NULL) = (approved_at IS NULL)), CHECK ((refused_by IS NULL) = (refused_at IS NULL)), CHECK (approved_at IS NULL OR transfer_id IS NOT NULL), CHECK (refused_at IS NULL OR transfer_id IS NULL), CHECK (transfer_id IS NULL OR reverses_id IS NULL OR transfer_id = reverses_id)) STRICT
;
CREATE UNIQUE INDEX office_transfer_key ON office_transfer (key)
;
CREATE INDEX office_transfer_open ON office_transfer (id) WHERE transfer_id IS NULL AND refused_at IS NULL
;
CREATE UNIQUE INDEX office_transfer_reverses ON office_transfer (reverses_id) WHERE reverses_id IS NOT NULL AND refused_at IS NULL
;
CREATE TRIGGER debt_plan_no_update BEFORE UPDATE OF id, person_id, account_id, amount, currency, instalment, day, text, agreed_at, by, booking ON debt_plan BEGIN SELECT RAISE(ABORT, 'debt_plan is immutable'); END
;
CREATE TRIGGER debt_plan_no_delete BEFORE DELETE ON debt_plan BEGIN SELECT RAISE(ABORT, 'debt_plan is immutable'); END
;
CREATE TRIGGER debt_payment_no_update BEFORE UPDATE ON debt_payment BEGIN SELECT RAISE(ABORT, 'debt_payment is immutable'); END
;
CREATE TRIGGER debt_payment_no_delete BEFORE DELETE ON debt_payment BEGIN SELECT RAISE(ABORT, 'debt_payment is immutable'); END
;
CREATE TRIGGER office_transfer_no_update BEFORE UPDATE OF id, key, debit_id, credit_id, amount, currency, reason, reverses_id, as_debt, asked_by, asked_at ON office_transfer BEGIN SELECT RAISE(ABORT, 'office_transfer is immutable'); END
;
CREATE TRIGGER office_transfer_no_delete BEFORE DELETE ON office_transfer BEGIN SELECT RAISE(ABORT, 'office_transfer is immutable'); END
