ALTER TABLE booking DROP CONSTRAINT booking_motive_check
;
ALTER TABLE booking ADD CHECK (motive IN ('purchase', 'top-up', 'pay-out', 'commission', 'transfer', 'fee', 'exchange', 'refund', 'opening', 'receipt', 'recall', 'write-off', 'own', 'move', 'debt'))
;
CREATE TABLE wallet_kind (id BIGSERIAL NOT NULL PRIMARY KEY, code TEXT NOT NULL, names TEXT NOT NULL, pays BOOLEAN NOT NULL, paid_out BOOLEAN NOT NULL, sends BOOLEAN NOT NULL, receives BOOLEAN NOT NULL, commission BOOLEAN NOT NULL, floor BIGINT NOT NULL CHECK (floor <= 0), position INTEGER NOT NULL, ended_at BIGINT)
;
CREATE UNIQUE INDEX wallet_kind_code ON wallet_kind (code)
;
INSERT INTO wallet_kind (code, names, pays, paid_out, sends, receives, commission, floor, position) VALUES ('main', '{}', TRUE, TRUE, TRUE, TRUE, TRUE, 0, 0)
;
DROP TRIGGER wallet_no_update ON wallet
;
DROP INDEX wallet_person_id_currency
;
ALTER TABLE wallet ADD COLUMN kind TEXT NOT NULL DEFAULT 'main'
;
ALTER TABLE wallet ALTER COLUMN kind DROP DEFAULT
;
ALTER TABLE wallet ADD COLUMN name TEXT NOT NULL DEFAULT ''
;
ALTER TABLE wallet ALTER COLUMN name DROP DEFAULT
;
ALTER TABLE wallet ADD COLUMN frozen_at BIGINT
;
ALTER TABLE wallet ADD COLUMN frozen_by BIGINT
;
ALTER TABLE wallet ADD COLUMN frozen_why TEXT NOT NULL DEFAULT ''
;
ALTER TABLE wallet ALTER COLUMN frozen_why DROP DEFAULT
;
ALTER TABLE wallet ADD COLUMN closed_at BIGINT
;
ALTER TABLE wallet ADD CHECK (frozen_at IS NOT NULL OR frozen_by IS NULL)
;
ALTER TABLE wallet ADD FOREIGN KEY (kind) REFERENCES wallet_kind (code) ON DELETE RESTRICT
;
CREATE UNIQUE INDEX wallet_open ON wallet (person_id, kind, currency) WHERE closed_at IS NULL
;
CREATE INDEX wallet_person ON wallet (person_id)
;
CREATE TRIGGER wallet_no_update BEFORE UPDATE OF id, person_id, account_id, currency, opened_at, kind ON wallet FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TABLE level_set (id BIGSERIAL NOT NULL PRIMARY KEY, body TEXT NOT NULL, "since" BIGINT NOT NULL, "by" BIGINT)
;
CREATE TABLE transfer (id BIGSERIAL NOT NULL PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('own', 'partner', 'office')), sender_id BIGINT, recipient_id BIGINT, debit_id BIGINT NOT NULL, credit_id BIGINT NOT NULL, amount BIGINT NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), fee BIGINT NOT NULL CHECK (fee >= 0), got BIGINT NOT NULL CHECK (got > 0), got_currency TEXT NOT NULL CHECK (length(got_currency) = 3), rate TEXT NOT NULL, message TEXT NOT NULL, reason TEXT NOT NULL, made_at BIGINT NOT NULL, booking BIGINT NOT NULL, arrival BIGINT, fee_booking BIGINT, reversed_at BIGINT, reversed_by BIGINT, FOREIGN KEY (sender_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (recipient_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (debit_id) REFERENCES account (id) ON DELETE RESTRICT, FOREIGN KEY (credit_id) REFERENCES account (id) ON DELETE RESTRICT, CHECK (debit_id <> credit_id), CHECK ((fee > 0) = (fee_booking IS NOT NULL)), CHECK ((currency <> got_currency) = (arrival IS NOT NULL)), FOREIGN KEY (booking) REFERENCES booking (id), FOREIGN KEY (arrival) REFERENCES booking (id), FOREIGN KEY (fee_booking) REFERENCES booking (id))
;
CREATE UNIQUE INDEX transfer_key ON transfer (key)
;
CREATE UNIQUE INDEX transfer_booking ON transfer (booking)
;
CREATE INDEX transfer_sender ON transfer (sender_id, recipient_id, id)
;
CREATE INDEX transfer_recipient ON transfer (recipient_id, id)
;
CREATE TABLE transfer_rule (id BIGSERIAL NOT NULL PRIMARY KEY, kind TEXT NOT NULL, whose TEXT NOT NULL CHECK (whose IN ('own', 'partner')), currency TEXT NOT NULL CHECK (length(currency) = 3), least BIGINT NOT NULL CHECK (least >= 1), most BIGINT CHECK (most >= 1), multiple BIGINT NOT NULL CHECK (multiple >= 1), fee BIGINT NOT NULL CHECK (fee >= 0), fee_bp BIGINT NOT NULL CHECK (fee_bp BETWEEN 0 AND 10000), on_top BOOLEAN NOT NULL, "since" BIGINT NOT NULL, "by" BIGINT)
;
CREATE INDEX transfer_rule_of ON transfer_rule (kind, whose, currency, id)
;
CREATE TABLE trust_exception (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, kind TEXT NOT NULL, span TEXT NOT NULL, most BIGINT CHECK (most >= 0), times INTEGER CHECK (times >= 0), reason TEXT NOT NULL CHECK (length(reason) > 0), "since" BIGINT NOT NULL, "until" BIGINT NOT NULL, "by" BIGINT, ended_at BIGINT, ended_by BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ("until" > since))
;
CREATE INDEX trust_exception_in_force ON trust_exception (person_id) WHERE ended_at IS NULL
;
CREATE TABLE trust_level (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, level INTEGER NOT NULL CHECK (level >= 0), "since" BIGINT NOT NULL, source TEXT NOT NULL CHECK (source IN ('steps', 'office', 'import', 'start')), reason TEXT NOT NULL, "by" BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE INDEX trust_level_person ON trust_level (person_id, id)
;
CREATE TRIGGER level_set_no_update BEFORE UPDATE ON level_set FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER level_set_no_delete BEFORE DELETE ON level_set FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER level_set_no_truncate BEFORE TRUNCATE ON level_set FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER transfer_no_update BEFORE UPDATE OF id, key, kind, sender_id, recipient_id, debit_id, credit_id, amount, currency, fee, got, got_currency, rate, message, reason, made_at, booking, arrival, fee_booking ON transfer FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER transfer_no_delete BEFORE DELETE ON transfer FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER transfer_no_truncate BEFORE TRUNCATE ON transfer FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER transfer_rule_no_update BEFORE UPDATE ON transfer_rule FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER transfer_rule_no_delete BEFORE DELETE ON transfer_rule FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER transfer_rule_no_truncate BEFORE TRUNCATE ON transfer_rule FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER trust_exception_no_update BEFORE UPDATE OF id, person_id, kind, span, most, times, reason, since, until, by ON trust_exception FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER trust_exception_no_delete BEFORE DELETE ON trust_exception FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER trust_exception_no_truncate BEFORE TRUNCATE ON trust_exception FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER trust_level_no_update BEFORE UPDATE ON trust_level FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER trust_level_no_delete BEFORE DELETE ON trust_level FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER trust_level_no_truncate BEFORE TRUNCATE ON trust_level FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER wallet_kind_no_update BEFORE UPDATE OF id, code ON wallet_kind FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER wallet_kind_no_delete BEFORE DELETE ON wallet_kind FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER wallet_kind_no_truncate BEFORE TRUNCATE ON wallet_kind FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
