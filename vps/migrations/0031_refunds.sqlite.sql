ALTER TABLE payout ADD COLUMN cause TEXT
;
PRAGMA writable_schema = ON
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE payout (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER, payee_id INTEGER, holder TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN (''iban'', ''rs'', ''ru'')), number TEXT NOT NULL, bic TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), fee INTEGER NOT NULL CHECK (fee >= 0), currency TEXT NOT NULL CHECK (length(currency) = 3), text TEXT NOT NULL, asked_at INTEGER NOT NULL, day TEXT NOT NULL, intent_id INTEGER, rule_id INTEGER, booking INTEGER, fee_booking INTEGER, held_at INTEGER, held_by INTEGER, held_reason TEXT NOT NULL, approved_at INTEGER, approved_by INTEGER, file_id INTEGER, executed_at INTEGER, returned_at INTEGER, return_reason TEXT NOT NULL, refused_at INTEGER, refused_by INTEGER, refuse_reason TEXT NOT NULL, withdrawn_at INTEGER, ended_booking INTEGER, cause TEXT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (payee_id) REFERENCES payee_account (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, FOREIGN KEY (rule_id) REFERENCES payout_rule (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id) ON DELETE RESTRICT, FOREIGN KEY (fee_booking) REFERENCES booking (id) ON DELETE RESTRICT, FOREIGN KEY (file_id) REFERENCES payout_file (id) ON DELETE RESTRICT, FOREIGN KEY (ended_booking) REFERENCES booking (id) ON DELETE RESTRICT, CHECK ((person_id IS NULL) = (payee_id IS NULL)), CHECK (CASE WHEN person_id IS NULL THEN intent_id IS NULL AND rule_id IS NULL ELSE (intent_id IS NULL) <> (rule_id IS NULL) END), CHECK (held_at IS NULL OR file_id IS NULL), CHECK ((held_at IS NULL) = (held_reason = '''')), CHECK ((file_id IS NULL AND executed_at IS NULL) OR approved_at IS NOT NULL), CHECK ((refused_at IS NULL) = (refuse_reason = '''')), CHECK ((refused_at IS NULL AND withdrawn_at IS NULL) OR (file_id IS NULL AND executed_at IS NULL)), CHECK (refused_at IS NULL OR withdrawn_at IS NULL), CHECK (returned_at IS NULL OR executed_at IS NOT NULL OR file_id IS NOT NULL), CHECK ((ended_booking IS NULL) = (returned_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL)), CHECK (person_id IS NULL OR cause IS NULL)) STRICT' WHERE type = 'table' AND name = 'payout'
;
PRAGMA writable_schema = RESET
;
CREATE UNIQUE INDEX payout_cause ON payout (cause)
;
CREATE INDEX payout_customer_ended ON payout (id) WHERE cause IS NOT NULL AND ended_booking IS NOT NULL
;
CREATE TABLE order_refund (id INTEGER NOT NULL PRIMARY KEY, order_id INTEGER NOT NULL, partner_id INTEGER NOT NULL, n INTEGER NOT NULL CHECK (n > 0), payment_id INTEGER NOT NULL, way TEXT NOT NULL CHECK (way IN ('wallet', 'bank', 'cash')), amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), goods TEXT NOT NULL, reason TEXT NOT NULL CHECK (reason <> ''), key TEXT NOT NULL, made_at INTEGER NOT NULL, made_by INTEGER NOT NULL, payout_id INTEGER, done_at INTEGER, done_by INTEGER, done_on TEXT, signed TEXT NOT NULL, receipt TEXT NOT NULL, closed_why TEXT NOT NULL, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT, FOREIGN KEY (partner_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (payment_id) REFERENCES order_payment (id) ON DELETE RESTRICT, FOREIGN KEY (payout_id) REFERENCES payout (id) ON DELETE RESTRICT, CHECK ((payout_id IS NULL) = (way <> 'bank')), CHECK (way = 'cash' OR done_at IS NULL), CHECK ((done_at IS NULL) = (done_by IS NULL)), CHECK (CASE WHEN done_at IS NULL THEN signed = '' AND closed_why = '' ELSE (signed = '') <> (closed_why = '') END), CHECK ((done_on IS NULL) = (signed = ''))) STRICT
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
CREATE TABLE refund_part (id INTEGER NOT NULL PRIMARY KEY, refund_id INTEGER NOT NULL, n INTEGER NOT NULL CHECK (n > 0), account INTEGER, booking INTEGER, departure INTEGER, amount INTEGER NOT NULL CHECK (amount > 0), back INTEGER NOT NULL CHECK (back >= 0), currency TEXT NOT NULL CHECK (length(currency) = 3), FOREIGN KEY (refund_id) REFERENCES order_refund (id) ON DELETE RESTRICT, CHECK ((booking IS NULL) = (back = 0)), CHECK ((account IS NULL) = (back = 0)), FOREIGN KEY (account) REFERENCES account (id), FOREIGN KEY (booking) REFERENCES booking (id), FOREIGN KEY (departure) REFERENCES booking (id)) STRICT
;
CREATE UNIQUE INDEX refund_part_booking ON refund_part (booking)
;
CREATE UNIQUE INDEX refund_part_departure ON refund_part (departure)
;
CREATE UNIQUE INDEX refund_part_refund_id_n ON refund_part (refund_id, n)
;
CREATE TABLE refund_wish (id INTEGER NOT NULL PRIMARY KEY, key TEXT NOT NULL, order_id INTEGER NOT NULL, way TEXT NOT NULL CHECK (way = '' OR way IN ('wallet', 'bank', 'cash')), amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), goods TEXT NOT NULL, reason TEXT NOT NULL CHECK (reason <> ''), holder TEXT NOT NULL, account TEXT NOT NULL, bic TEXT NOT NULL, asked_by INTEGER NOT NULL, asked_at INTEGER NOT NULL, decided_at INTEGER, decided_by INTEGER, refused_why TEXT NOT NULL, refund_id INTEGER, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT, FOREIGN KEY (refund_id) REFERENCES order_refund (id) ON DELETE RESTRICT, CHECK ((decided_at IS NULL) = (decided_by IS NULL)), CHECK (decided_at IS NOT NULL OR (refund_id IS NULL AND refused_why = '')), CHECK (refund_id IS NULL OR refused_why = '')) STRICT
;
CREATE UNIQUE INDEX refund_wish_key ON refund_wish (key)
;
CREATE UNIQUE INDEX refund_wish_of_partner ON refund_wish (order_id) WHERE decided_at IS NULL AND way = ''
;
CREATE UNIQUE INDEX refund_wish_of_office ON refund_wish (order_id) WHERE decided_at IS NULL AND way <> ''
;
CREATE INDEX refund_wish_open ON refund_wish (id) WHERE decided_at IS NULL
;
DROP TRIGGER payout_no_update
;
CREATE TRIGGER payout_no_update BEFORE UPDATE OF id, person_id, payee_id, holder, kind, number, bic, amount, fee, currency, asked_at, day, intent_id, rule_id, cause ON payout BEGIN SELECT RAISE(ABORT, 'payout is immutable'); END
;
CREATE TRIGGER order_refund_no_update BEFORE UPDATE OF id, order_id, partner_id, n, payment_id, way, amount, currency, goods, reason, key, made_at, made_by ON order_refund BEGIN SELECT RAISE(ABORT, 'order_refund is immutable'); END
;
CREATE TRIGGER order_refund_no_delete BEFORE DELETE ON order_refund BEGIN SELECT RAISE(ABORT, 'order_refund is immutable'); END
;
CREATE TRIGGER refund_part_no_update BEFORE UPDATE ON refund_part BEGIN SELECT RAISE(ABORT, 'refund_part is immutable'); END
;
CREATE TRIGGER refund_part_no_delete BEFORE DELETE ON refund_part BEGIN SELECT RAISE(ABORT, 'refund_part is immutable'); END
;
CREATE TRIGGER refund_wish_no_update BEFORE UPDATE OF id, key, order_id, way, amount, currency, goods, reason, holder, account, bic, asked_by, asked_at ON refund_wish BEGIN SELECT RAISE(ABORT, 'refund_wish is immutable'); END
;
CREATE TRIGGER refund_wish_no_delete BEFORE DELETE ON refund_wish BEGIN SELECT RAISE(ABORT, 'refund_wish is immutable'); END
