ALTER TABLE account DROP CONSTRAINT account_kind_check
;
ALTER TABLE account ADD CHECK (kind IN ('wallet', 'bank', 'purchases', 'commission', 'fees', 'exchange', 'transit', 'clarify', 'opening', 'debts', 'own', 'withheld'))
;
ALTER TABLE booking DROP CONSTRAINT booking_motive_check
;
ALTER TABLE booking ADD CHECK (motive = 'purchase' OR motive = 'top-up' OR motive = 'pay-out' OR motive = 'commission' OR motive = 'transfer' OR motive = 'fee' OR motive = 'exchange' OR motive = 'refund' OR motive = 'opening' OR motive = 'receipt' OR motive = 'recall' OR motive = 'write-off' OR motive = 'own' OR motive = 'move' OR motive = 'debt' OR motive = 'tax withheld')
;
ALTER TABLE line_claim DROP CONSTRAINT line_claim_kind_check
;
ALTER TABLE line_claim ADD CHECK (kind IN ('top-up', 'order', 'file', 'pay-out', 'returned', 'sent back', 'recall', 'debt', 'booked', 'own', 'tax'))
;
ALTER TABLE commission_note ADD COLUMN withheld BIGINT NOT NULL DEFAULT 0 CHECK (withheld >= 0)
;
INSERT INTO account (code, kind, currency, floor, balance, reserved, debt, opened_at) SELECT 'withheld:' || currency, 'withheld', currency, NULL, 0, 0, 0, opened_at FROM account WHERE kind = 'clarify'
