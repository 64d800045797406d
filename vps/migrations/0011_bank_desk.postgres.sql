ALTER TABLE account DROP CONSTRAINT account_kind_check
;
ALTER TABLE account ADD CHECK (kind IN ('wallet', 'bank', 'purchases', 'commission', 'fees', 'exchange', 'transit', 'clarify', 'opening', 'debts'))
;
ALTER TABLE booking DROP CONSTRAINT booking_motive_check
;
ALTER TABLE booking ADD CHECK (motive IN ('purchase', 'top-up', 'pay-out', 'commission', 'transfer', 'fee', 'exchange', 'refund', 'opening', 'receipt', 'recall', 'write-off'))
;
ALTER TABLE bank_statement ADD COLUMN opening_day TEXT
;
ALTER TABLE bank_statement ADD COLUMN taken_back_at BIGINT
;
ALTER TABLE bank_statement ADD COLUMN taken_back_by BIGINT
;
DROP INDEX bank_statement_identity
;
DROP TRIGGER bank_statement_no_update ON bank_statement
;
CREATE UNIQUE INDEX bank_statement_identity ON bank_statement (identity) WHERE taken_back_at IS NULL
;
CREATE INDEX bank_statement_days ON bank_statement (account, currency, closing_day) WHERE taken_back_at IS NULL
;
CREATE TRIGGER bank_statement_no_update BEFORE UPDATE OF id, file_id, identity, account, number, currency, opening, closing, closing_day, adds_up, opening_day ON bank_statement FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
DROP TRIGGER bank_line_no_update ON bank_line
;
ALTER TABLE bank_line ADD COLUMN party_account TEXT NOT NULL DEFAULT ''
;
ALTER TABLE bank_line ALTER COLUMN party_account DROP DEFAULT
;
ALTER TABLE bank_line ADD COLUMN refs TEXT NOT NULL DEFAULT ''
;
ALTER TABLE bank_line ALTER COLUMN refs DROP DEFAULT
;
ALTER TABLE bank_line ADD COLUMN reason TEXT NOT NULL DEFAULT ''
;
ALTER TABLE bank_line ALTER COLUMN reason DROP DEFAULT
;
ALTER TABLE bank_line ADD COLUMN code TEXT NOT NULL DEFAULT ''
;
ALTER TABLE bank_line ALTER COLUMN code DROP DEFAULT
;
ALTER TABLE bank_line ADD COLUMN reversal BOOLEAN NOT NULL DEFAULT FALSE
;
ALTER TABLE bank_line ALTER COLUMN reversal DROP DEFAULT
;
ALTER TABLE bank_line ADD COLUMN unclear BIGINT NOT NULL DEFAULT 0
;
ALTER TABLE bank_line ALTER COLUMN unclear DROP DEFAULT
;
UPDATE bank_line SET unclear = amount WHERE partner IS NULL
;
ALTER TABLE bank_line ADD CHECK (unclear = 0 OR (unclear > 0 AND unclear <= amount) OR (unclear < 0 AND unclear >= amount))
;
ALTER TABLE bank_line ADD FOREIGN KEY (booking) REFERENCES booking (id) ON DELETE RESTRICT
;
CREATE TABLE line_claim (id BIGSERIAL NOT NULL PRIMARY KEY, line_id BIGINT NOT NULL, "n" INTEGER NOT NULL CHECK (n > 0), kind TEXT NOT NULL CHECK (kind IN ('top-up', 'order', 'file', 'pay-out', 'returned', 'sent back', 'recall', 'debt', 'booked')), target BIGINT NOT NULL, amount BIGINT NOT NULL CHECK (amount <> 0), booking BIGINT NOT NULL, made_at BIGINT NOT NULL, made_by BIGINT, comment TEXT NOT NULL, undone_at BIGINT, undone_by BIGINT, mirror BIGINT, FOREIGN KEY (line_id) REFERENCES bank_line (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id) ON DELETE RESTRICT, FOREIGN KEY (mirror) REFERENCES booking (id) ON DELETE RESTRICT, CHECK ((undone_at IS NULL) = (mirror IS NULL)))
;
CREATE UNIQUE INDEX line_claim_line_id_n ON line_claim (line_id, "n")
;
CREATE INDEX line_claim_target ON line_claim (kind, target) WHERE undone_at IS NULL
;
INSERT INTO line_claim (line_id, n, kind, target, amount, booking, made_at, made_by, comment) SELECT l.id, 1, 'top-up', l.partner, l.amount, l.booking, b.booked_at, b.actor, '' FROM bank_line l JOIN booking b ON b.id = l.booking WHERE l.partner IS NOT NULL
;
ALTER TABLE bank_line DROP COLUMN partner
;
CREATE INDEX bank_line_unclear ON bank_line (booked_on, id) WHERE unclear <> 0
;
CREATE TRIGGER bank_line_no_update BEFORE UPDATE OF id, statement_id, n, booked_on, value_date, amount, currency, party, party_account, text, refs, reason, code, reversal, booking ON bank_line FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TABLE bank_account (id BIGSERIAL NOT NULL PRIMARY KEY, number TEXT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), account_id BIGINT NOT NULL, name TEXT NOT NULL, bank TEXT NOT NULL, bic TEXT NOT NULL, correspondent TEXT NOT NULL, pay_format TEXT NOT NULL CHECK (pay_format IN ('pain.001.001.09', 'pain.001.001.03', 'rs', '1c')), instant BOOLEAN NOT NULL, cutoff INTEGER NOT NULL CHECK (cutoff BETWEEN 0 AND 1439), pay_days TEXT NOT NULL, shown BOOLEAN NOT NULL, mapping TEXT NOT NULL, opened_at BIGINT NOT NULL, closed_at BIGINT, FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX bank_account_account_id ON bank_account (account_id)
;
CREATE UNIQUE INDEX bank_account_number_currency ON bank_account (number, currency)
;
CREATE TRIGGER bank_account_no_update BEFORE UPDATE OF id, number, currency, account_id, opened_at ON bank_account FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bank_account_no_delete BEFORE DELETE ON bank_account FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bank_account_no_truncate BEFORE TRUNCATE ON bank_account FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER line_claim_no_update BEFORE UPDATE OF id, line_id, n, kind, target, amount, booking, made_at, made_by, comment ON line_claim FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER line_claim_no_delete BEFORE DELETE ON line_claim FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER line_claim_no_truncate BEFORE TRUNCATE ON line_claim FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
INSERT INTO account (code, kind, currency, floor, balance, reserved, debt, opened_at) SELECT 'debts:' || currency, 'debts', currency, NULL, 0, 0, 0, opened_at FROM account WHERE kind = 'clarify'
