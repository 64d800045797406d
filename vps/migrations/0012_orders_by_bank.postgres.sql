CREATE TABLE order_debt (id BIGSERIAL NOT NULL PRIMARY KEY, order_id BIGINT NOT NULL, payment_id BIGINT NOT NULL, claim_id BIGINT NOT NULL, amount BIGINT NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), opened_at BIGINT NOT NULL, reason TEXT NOT NULL, booking BIGINT NOT NULL, settled_at BIGINT, written_off_at BIGINT, written_off_by BIGINT, note TEXT NOT NULL, ended BIGINT, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT, FOREIGN KEY (payment_id) REFERENCES order_payment (id) ON DELETE RESTRICT, FOREIGN KEY (claim_id) REFERENCES line_claim (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id), FOREIGN KEY (ended) REFERENCES booking (id), CHECK (settled_at IS NULL OR written_off_at IS NULL), CHECK ((settled_at IS NULL AND written_off_at IS NULL) = (ended IS NULL)), CHECK ((written_off_at IS NULL) = (note = '')))
;
CREATE UNIQUE INDEX order_debt_payment ON order_debt (payment_id)
;
CREATE INDEX order_debt_order ON order_debt (order_id)
;
CREATE INDEX order_debt_open ON order_debt (opened_at, id) WHERE settled_at IS NULL AND written_off_at IS NULL
;
CREATE TRIGGER order_debt_no_update BEFORE UPDATE OF id, order_id, payment_id, claim_id, amount, currency, opened_at, reason, booking ON order_debt FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER order_debt_no_delete BEFORE DELETE ON order_debt FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER order_debt_no_truncate BEFORE TRUNCATE ON order_debt FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
