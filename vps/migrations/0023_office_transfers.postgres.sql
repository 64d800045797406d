CREATE TABLE debt_plan (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, account_id BIGINT NOT NULL, amount BIGINT NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), instalment BIGINT NOT NULL CHECK (instalment > 0), day INTEGER NOT NULL CHECK (day BETWEEN 1 AND 31), text TEXT NOT NULL, agreed_at BIGINT NOT NULL, "by" BIGINT, booking BIGINT NOT NULL, next_due TEXT NOT NULL CHECK (length(next_due) = 10), ended_at BIGINT, ended_by BIGINT, written_off BIGINT, written_why TEXT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT, CHECK (instalment <= amount), CHECK (written_off IS NULL OR ended_at IS NOT NULL), FOREIGN KEY (booking) REFERENCES booking (id), FOREIGN KEY (written_off) REFERENCES booking (id))
;
CREATE UNIQUE INDEX debt_plan_booking ON debt_plan (booking)
;
CREATE UNIQUE INDEX debt_plan_open ON debt_plan (account_id) WHERE ended_at IS NULL
;
CREATE INDEX debt_plan_person ON debt_plan (person_id)
;
CREATE INDEX debt_plan_due ON debt_plan (next_due) WHERE ended_at IS NULL
;
CREATE TABLE debt_payment (id BIGSERIAL NOT NULL PRIMARY KEY, plan_id BIGINT NOT NULL, key TEXT NOT NULL, due TEXT, amount BIGINT NOT NULL CHECK (amount >= 0), booking BIGINT, at BIGINT NOT NULL, FOREIGN KEY (plan_id) REFERENCES debt_plan (id) ON DELETE RESTRICT, CHECK ((amount > 0) = (booking IS NOT NULL)), FOREIGN KEY (booking) REFERENCES booking (id))
;
CREATE UNIQUE INDEX debt_payment_key ON debt_payment (key)
;
CREATE UNIQUE INDEX debt_payment_booking ON debt_payment (booking)
;
CREATE INDEX debt_payment_plan ON debt_payment (plan_id, id)
;
CREATE TABLE office_transfer (id BIGSERIAL NOT NULL PRIMARY KEY, key TEXT NOT NULL, debit_id BIGINT NOT NULL, credit_id BIGINT NOT NULL, amount BIGINT NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), reason TEXT NOT NULL CHECK (length(reason) > 0), reverses_id BIGINT, as_debt BOOLEAN NOT NULL, asked_by BIGINT NOT NULL, asked_at BIGINT NOT NULL, approved_by BIGINT, approved_at BIGINT, refused_by BIGINT, refused_at BIGINT, refused_why TEXT NOT NULL, transfer_id BIGINT, FOREIGN KEY (debit_id) REFERENCES account (id) ON DELETE RESTRICT, FOREIGN KEY (credit_id) REFERENCES account (id) ON DELETE RESTRICT, FOREIGN KEY (reverses_id) REFERENCES transfer (id) ON DELETE RESTRICT, FOREIGN KEY (transfer_id) REFERENCES transfer (id) ON DELETE RESTRICT, CHECK (debit_id <> credit_id), CHECK (approved_by <> asked_by), CHECK ((approved_by IS NULL) = (approved_at IS NULL)), CHECK ((refused_by IS NULL) = (refused_at IS NULL)), CHECK (approved_at IS NULL OR transfer_id IS NOT NULL), CHECK (refused_at IS NULL OR transfer_id IS NULL), CHECK (transfer_id IS NULL OR reverses_id IS NULL OR transfer_id = reverses_id))
;
CREATE UNIQUE INDEX office_transfer_key ON office_transfer (key)
;
CREATE INDEX office_transfer_open ON office_transfer (id) WHERE transfer_id IS NULL AND refused_at IS NULL
;
CREATE UNIQUE INDEX office_transfer_reverses ON office_transfer (reverses_id) WHERE reverses_id IS NOT NULL AND refused_at IS NULL
;
CREATE TRIGGER debt_plan_no_update BEFORE UPDATE OF id, person_id, account_id, amount, currency, instalment, day, text, agreed_at, by, booking ON debt_plan FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER debt_plan_no_delete BEFORE DELETE ON debt_plan FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER debt_plan_no_truncate BEFORE TRUNCATE ON debt_plan FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER debt_payment_no_update BEFORE UPDATE ON debt_payment FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER debt_payment_no_delete BEFORE DELETE ON debt_payment FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER debt_payment_no_truncate BEFORE TRUNCATE ON debt_payment FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER office_transfer_no_update BEFORE UPDATE OF id, key, debit_id, credit_id, amount, currency, reason, reverses_id, as_debt, asked_by, asked_at ON office_transfer FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER office_transfer_no_delete BEFORE DELETE ON office_transfer FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER office_transfer_no_truncate BEFORE TRUNCATE ON office_transfer FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
