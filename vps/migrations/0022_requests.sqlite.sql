CREATE INDEX transfer_sent ON transfer (sender_id, id)
;
CREATE TABLE payment_request (id INTEGER NOT NULL PRIMARY KEY, key TEXT NOT NULL, asker_id INTEGER NOT NULL, payer_id INTEGER, amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), message TEXT NOT NULL, asked_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, paid_at INTEGER, transfer_id INTEGER, denied_at INTEGER, withdrawn_at INTEGER, FOREIGN KEY (asker_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (payer_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (transfer_id) REFERENCES transfer (id) ON DELETE RESTRICT, CHECK (asker_id <> payer_id), CHECK (expires_at > asked_at), CHECK ((paid_at IS NULL) = (transfer_id IS NULL)), CHECK (denied_at IS NULL OR payer_id IS NOT NULL), CHECK (paid_at IS NULL OR denied_at IS NULL), CHECK (withdrawn_at IS NULL OR paid_at IS NULL AND denied_at IS NULL)) STRICT
;
CREATE UNIQUE INDEX payment_request_key ON payment_request (key)
;
CREATE UNIQUE INDEX payment_request_transfer_id ON payment_request (transfer_id)
;
CREATE INDEX payment_request_asker ON payment_request (asker_id, id)
;
CREATE INDEX payment_request_payer ON payment_request (payer_id, id) WHERE payer_id IS NOT NULL
;
CREATE TRIGGER payment_request_no_update BEFORE UPDATE OF id, key, asker_id, payer_id, amount, currency, message, asked_at, expires_at ON payment_request BEGIN SELECT RAISE(ABORT, 'payment_request is immutable'); END
;
CREATE TRIGGER payment_request_no_delete BEFORE DELETE ON payment_request BEGIN SELECT RAISE(ABORT, 'payment_request is immutable'); END
