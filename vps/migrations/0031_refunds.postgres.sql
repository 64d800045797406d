ALTER TABLE payout ADD COLUMN cause TEXT
;
ALTER TABLE payout ADD CHECK (person_id IS NULL OR cause IS NULL)
;
CREATE UNIQUE INDEX payout_cause ON payout (cause)
;
CREATE INDEX payout_customer_ended ON payout (id) WHERE cause IS NOT NULL AND ended_booking IS NOT NULL
;
CREATE TABLE order_refund (id BIGSERIAL NOT NULL PRIMARY KEY, order_id BIGINT NOT NULL, partner_id BIGINT NOT NULL, n INTEGER NOT NULL CHECK (n > 0), payment_id BIGINT NOT NULL, way TEXT NOT NULL CHECK (way IN ('wallet', 'bank', 'cash')), amount BIGINT NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), goods TEXT NOT NULL, reason TEXT NOT NULL CHECK (reason <> ''), key TEXT NOT NULL, made_at BIGINT NOT NULL, made_by BIGINT NOT NULL, payout_id BIGINT, done_at BIGINT, done_by BIGINT, done_on TEXT, signed TEXT NOT NULL, receipt TEXT NOT NULL, closed_why TEXT NOT NULL, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT, FOREIGN KEY (partner_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (payment_id) REFERENCES order_payment (id) ON DELETE RESTRICT, FOREIGN KEY (payout_id) REFERENCES payout (id) ON DELETE RESTRICT, CHECK ((payout_id IS NULL) = (way <> 'bank')), CHECK (way = 'cash' OR done_at IS NULL), CHECK ((done_at IS NULL) = (done_by IS NULL)), CHECK (CASE WHEN done_at IS NULL THEN signed = '' AND closed_why = '' ELSE (signed = '') <> (closed_why = '') END), CHECK ((done_on IS NULL) = (signed = '')))
;
CREATE UNIQUE INDEX order_refund_key ON order_refund (key)
;
CREATE UNIQUE INDEX order_refund_payout_id ON order_refund (payout_id)
;
CREATE UNIQUE INDEX order_refund_order_id_n ON order_refund (order_id, n)
;
CREATE INDEX order_refund_partner ON order_refund (partner_id, id)
;
CREATE INDEX order_refund_to_return ON order_refund (id) WHERE way = 'cash' AND done_at IS NULL
;
CREATE INDEX order_refund_to_return_of_partner ON order_refund (partner_id, id) WHERE way = 'cash' AND done_at IS NULL
;
CREATE TABLE refund_part (id BIGSERIAL NOT NULL PRIMARY KEY, refund_id BIGINT NOT NULL, n INTEGER NOT NULL CHECK (n > 0), account BIGINT, booking BIGINT, departure BIGINT, amount BIGINT NOT NULL CHECK (amount > 0), back BIGINT NOT NULL CHECK (back >= 0), currency TEXT NOT NULL CHECK (length(currency) = 3), FOREIGN KEY (refund_id) REFERENCES order_refund (id) ON DELETE RESTRICT, CHECK ((booking IS NULL) = (back = 0)), CHECK ((account IS NULL) = (back = 0)), FOREIGN KEY (account) REFERENCES account (id), FOREIGN KEY (booking) REFERENCES booking (id), FOREIGN KEY (departure) REFERENCES booking (id))
;
CREATE UNIQUE INDEX refund_part_booking ON refund_part (booking)
;
CREATE UNIQUE INDEX refund_part_departure ON refund_part (departure)
;
CREATE UNIQUE INDEX refund_part_refund_id_n ON refund_part (refund_id, n)
;
CREATE TABLE refund_wish (id BIGSERIAL NOT NULL PRIMARY KEY, key TEXT NOT NULL, order_id BIGINT NOT NULL, way TEXT NOT NULL CHECK (way = '' OR way IN ('wallet', 'bank', 'cash')), amount BIGINT NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), goods TEXT NOT NULL, reason TEXT NOT NULL CHECK (reason <> ''), holder TEXT NOT NULL, account TEXT NOT NULL, bic TEXT NOT NULL, asked_by BIGINT NOT NULL, asked_at BIGINT NOT NULL, decided_at BIGINT, decided_by BIGINT, refused_why TEXT NOT NULL, refund_id BIGINT, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT, FOREIGN KEY (refund_id) REFERENCES order_refund (id) ON DELETE RESTRICT, CHECK ((decided_at IS NULL) = (decided_by IS NULL)), CHECK (decided_at IS NOT NULL OR (refund_id IS NULL AND refused_why = '')), CHECK (refund_id IS NULL OR refused_why = ''))
;
CREATE UNIQUE INDEX refund_wish_key ON refund_wish (key)
;
CREATE UNIQUE INDEX refund_wish_of_partner ON refund_wish (order_id) WHERE decided_at IS NULL AND way = ''
;
CREATE UNIQUE INDEX refund_wish_of_office ON refund_wish (order_id) WHERE decided_at IS NULL AND way <> ''
;
CREATE INDEX refund_wish_open ON refund_wish (id) WHERE decided_at IS NULL
;
DROP TRIGGER payout_no_update ON payout
;
CREATE TRIGGER payout_no_update BEFORE UPDATE OF id, person_id, payee_id, holder, kind, number, bic, amount, fee, currency, asked_at, day, intent_id, rule_id, cause ON payout FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER order_refund_no_update BEFORE UPDATE OF id, order_id, partner_id, n, payment_id, way, amount, currency, goods, reason, key, made_at, made_by ON order_refund FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER order_refund_no_delete BEFORE DELETE ON order_refund FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER order_refund_no_truncate BEFORE TRUNCATE ON order_refund FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER refund_part_no_update BEFORE UPDATE ON refund_part FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER refund_part_no_delete BEFORE DELETE ON refund_part FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER refund_part_no_truncate BEFORE TRUNCATE ON refund_part FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER refund_wish_no_update BEFORE UPDATE OF id, key, order_id, way, amount, currency, goods, reason, holder, account, bic, asked_by, asked_at ON refund_wish FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER refund_wish_no_delete BEFORE DELETE ON refund_wish FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER refund_wish_no_truncate BEFORE TRUNCATE ON refund_wish FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
