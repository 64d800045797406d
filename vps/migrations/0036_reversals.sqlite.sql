CREATE TABLE commission_reversal (refund_id INTEGER NOT NULL, run_id INTEGER NOT NULL, payee INTEGER NOT NULL, order_id INTEGER NOT NULL, "n" INTEGER NOT NULL, kind TEXT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), amount INTEGER NOT NULL CHECK (amount > 0), booking INTEGER, PRIMARY KEY (refund_id, run_id, payee, "n"), FOREIGN KEY (refund_id) REFERENCES order_refund (id) ON DELETE RESTRICT, FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id)) STRICT, WITHOUT ROWID
;
CREATE INDEX commission_reversal_run_id_order_id ON commission_reversal (run_id, order_id)
;
CREATE TRIGGER commission_reversal_no_update BEFORE UPDATE ON commission_reversal BEGIN SELECT RAISE(ABORT, 'commission_reversal is immutable'); END
;
CREATE TRIGGER commission_reversal_no_delete BEFORE DELETE ON commission_reversal BEGIN SELECT RAISE(ABORT, 'commission_reversal is immutable'); END
