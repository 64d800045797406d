CREATE TABLE commission_reversal (refund_id BIGINT NOT NULL, run_id BIGINT NOT NULL, payee BIGINT NOT NULL, order_id BIGINT NOT NULL, "n" INTEGER NOT NULL, kind TEXT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), amount BIGINT NOT NULL CHECK (amount > 0), booking BIGINT, PRIMARY KEY (refund_id, run_id, payee, "n"), FOREIGN KEY (refund_id) REFERENCES order_refund (id) ON DELETE RESTRICT, FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id))
;
CREATE INDEX commission_reversal_run_id_order_id ON commission_reversal (run_id, order_id)
;
CREATE TRIGGER commission_reversal_no_update BEFORE UPDATE ON commission_reversal FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_reversal_no_delete BEFORE DELETE ON commission_reversal FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_reversal_no_truncate BEFORE TRUNCATE ON commission_reversal FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
