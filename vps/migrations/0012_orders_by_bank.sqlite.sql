CREATE TABLE order_debt (id INTEGER NOT NULL PRIMARY KEY, order_id INTEGER NOT NULL, payment_id INTEGER NOT NULL, claim_id INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), opened_at INTEGER NOT NULL, reason TEXT NOT NULL, booking INTEGER NOT NULL, settled_at INTEGER, written_off_at INTEGER, written_off_by INTEGER, note TEXT NOT NULL, ended INTEGER, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT, FOREIGN KEY (payment_id) REFERENCES order_payment (id) ON DELETE RESTRICT, FOREIGN KEY (claim_id) REFERENCES line_claim (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id), FOREIGN KEY (ended) REFERENCES booking (id), CHECK (settled_at IS NULL OR written_off_at IS NULL), CHECK ((settled_at IS NULL AND written_off_at IS NULL) = (ended IS NULL)), CHECK ((written_off_at IS NULL) = (note = ''))) STRICT
;
CREATE UNIQUE INDEX order_debt_payment ON order_debt (payment_id)
;
CREATE INDEX order_debt_order ON order_debt (order_id)
;
CREATE INDEX order_debt_open ON order_debt (opened_at, id) WHERE settled_at IS NULL AND written_off_at IS NULL
;
CREATE TRIGGER order_debt_no_update BEFORE UPDATE OF id, order_id, payment_id, claim_id, amount, currency, opened_at, reason, booking ON order_debt BEGIN SELECT RAISE(ABORT, 'order_debt is immutable'); END
;
CREATE TRIGGER order_debt_no_delete BEFORE DELETE ON order_debt BEGIN SELECT RAISE(ABORT, 'order_debt is immutable'); END
