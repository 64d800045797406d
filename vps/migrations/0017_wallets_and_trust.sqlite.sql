PRAGMA writable_schema = ON
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE booking (id INTEGER NOT NULL PRIMARY KEY, voucher_id INTEGER NOT NULL, key TEXT NOT NULL, motive TEXT NOT NULL CHECK (motive IN (''purchase'', ''top-up'', ''pay-out'', ''commission'', ''transfer'', ''fee'', ''exchange'', ''refund'', ''opening'', ''receipt'', ''recall'', ''write-off'', ''own'', ''move'', ''debt'')), debit_id INTEGER NOT NULL, credit_id INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 100000000000), currency TEXT NOT NULL CHECK (length(currency) = 3), booked_at INTEGER NOT NULL, value_date TEXT NOT NULL CHECK (length(value_date) = 10), actor INTEGER, debit_after INTEGER, credit_after INTEGER, reverses INTEGER, digest BLOB NOT NULL CHECK (length(digest) = 32), FOREIGN KEY (voucher_id) REFERENCES voucher (id) ON DELETE RESTRICT, FOREIGN KEY (debit_id) REFERENCES account (id) ON DELETE RESTRICT, FOREIGN KEY (credit_id) REFERENCES account (id) ON DELETE RESTRICT, CHECK (debit_id <> credit_id), FOREIGN KEY (reverses) REFERENCES booking (id)) STRICT' WHERE type = 'table' AND name = 'booking'
;
PRAGMA writable_schema = RESET
;
CREATE TABLE wallet_kind (id INTEGER NOT NULL PRIMARY KEY, code TEXT NOT NULL, names TEXT NOT NULL, pays INTEGER NOT NULL, paid_out INTEGER NOT NULL, sends INTEGER NOT NULL, receives INTEGER NOT NULL, commission INTEGER NOT NULL, floor INTEGER NOT NULL CHECK (floor <= 0), position INTEGER NOT NULL, ended_at INTEGER) STRICT
;
CREATE UNIQUE INDEX wallet_kind_code ON wallet_kind (code)
;
INSERT INTO wallet_kind (code, names, pays, paid_out, sends, receives, commission, floor, position) VALUES ('main', '{}', 1, 1, 1, 1, 1, 0, 0)
;
DROP TRIGGER wallet_no_update
;
DROP TRIGGER wallet_no_delete
;
DROP INDEX wallet_account_id
;
DROP INDEX wallet_person_id_currency
;
ALTER TABLE wallet RENAME TO wallet_before
;
CREATE TABLE wallet (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, account_id INTEGER NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), opened_at INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, frozen_at INTEGER, frozen_by INTEGER, frozen_why TEXT NOT NULL, closed_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT, FOREIGN KEY (kind) REFERENCES wallet_kind (code) ON DELETE RESTRICT, CHECK (frozen_at IS NOT NULL OR frozen_by IS NULL)) STRICT
;
INSERT INTO wallet (id, person_id, account_id, currency, opened_at, kind, name, frozen_why) SELECT id, person_id, account_id, currency, opened_at, 'main', '', '' FROM wallet_before
;
DROP TABLE wallet_before
;
CREATE UNIQUE INDEX wallet_account_id ON wallet (account_id)
;
CREATE UNIQUE INDEX wallet_open ON wallet (person_id, kind, currency) WHERE closed_at IS NULL
;
CREATE INDEX wallet_person ON wallet (person_id)
;
CREATE TRIGGER wallet_no_update BEFORE UPDATE OF id, person_id, account_id, currency, opened_at, kind ON wallet BEGIN SELECT RAISE(ABORT, 'wallet is immutable'); END
;
CREATE TRIGGER wallet_no_delete BEFORE DELETE ON wallet BEGIN SELECT RAISE(ABORT, 'wallet is immutable'); END
;
CREATE TABLE level_set (id INTEGER NOT NULL PRIMARY KEY, body TEXT NOT NULL, "since" INTEGER NOT NULL, "by" INTEGER) STRICT
;
CREATE TABLE transfer (id INTEGER NOT NULL PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('own', 'partner', 'office')), sender_id INTEGER, recipient_id INTEGER, debit_id INTEGER NOT NULL, credit_id INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), fee INTEGER NOT NULL CHECK (fee >= 0), got INTEGER NOT NULL CHECK (got > 0), got_currency TEXT NOT NULL CHECK (length(got_currency) = 3), rate TEXT NOT NULL, message TEXT NOT NULL, reason TEXT NOT NULL, made_at INTEGER NOT NULL, booking INTEGER NOT NULL, arrival INTEGER, fee_booking INTEGER, reversed_at INTEGER, reversed_by INTEGER, FOREIGN KEY (sender_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (recipient_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (debit_id) REFERENCES account (id) ON DELETE RESTRICT, FOREIGN KEY (credit_id) REFERENCES account (id) ON DELETE RESTRICT, CHECK (debit_id <> credit_id), CHECK ((fee > 0) = (fee_booking IS NOT NULL)), CHECK ((currency <> got_currency) = (arrival IS NOT NULL)), FOREIGN KEY (booking) REFERENCES booking (id), FOREIGN KEY (arrival) REFERENCES booking (id), FOREIGN KEY (fee_booking) REFERENCES booking (id)) STRICT
;
CREATE UNIQUE INDEX transfer_key ON transfer (key)
;
CREATE UNIQUE INDEX transfer_booking ON transfer (booking)
;
CREATE INDEX transfer_sender ON transfer (sender_id, recipient_id, id)
;
CREATE INDEX transfer_recipient ON transfer (recipient_id, id)
;
CREATE TABLE transfer_rule (id INTEGER NOT NULL PRIMARY KEY, kind TEXT NOT NULL, whose TEXT NOT NULL CHECK (whose IN ('own', 'partner')), currency TEXT NOT NULL CHECK (length(currency) = 3), least INTEGER NOT NULL CHECK (least >= 1), most INTEGER CHECK (most >= 1), multiple INTEGER NOT NULL CHECK (multiple >= 1), fee INTEGER NOT NULL CHECK (fee >= 0), fee_bp INTEGER NOT NULL CHECK (fee_bp BETWEEN 0 AND 10000), on_top INTEGER NOT NULL, "since" INTEGER NOT NULL, "by" INTEGER) STRICT
;
CREATE INDEX transfer_rule_of ON transfer_rule (kind, whose, currency, id)
;
CREATE TABLE trust_exception (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, kind TEXT NOT NULL, span TEXT NOT NULL, most INTEGER CHECK (most >= 0), times INTEGER CHECK (times >= 0), reason TEXT NOT NULL CHECK (length(reason) > 0), "since" INTEGER NOT NULL, "until" INTEGER NOT NULL, "by" INTEGER, ended_at INTEGER, ended_by INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ("until" > since)) STRICT
;
CREATE INDEX trust_exception_in_force ON trust_exception (person_id) WHERE ended_at IS NULL
;
CREATE TABLE trust_level (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, level INTEGER NOT NULL CHECK (level >= 0), "since" INTEGER NOT NULL, source TEXT NOT NULL CHECK (source IN ('steps', 'office', 'import', 'start')), reason TEXT NOT NULL, "by" INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE INDEX trust_level_person ON trust_level (person_id, id)
;
CREATE TRIGGER level_set_no_update BEFORE UPDATE ON level_set BEGIN SELECT RAISE(ABORT, 'level_set is immutable'); END
;
CREATE TRIGGER level_set_no_delete BEFORE DELETE ON level_set BEGIN SELECT RAISE(ABORT, 'level_set is immutable'); END
;
CREATE TRIGGER transfer_no_update BEFORE UPDATE OF id, key, kind, sender_id, recipient_id, debit_id, credit_id, amount, currency, fee, got, got_currency, rate, message, reason, made_at, booking, arrival, fee_booking ON transfer BEGIN SELECT RAISE(ABORT, 'transfer is immutable'); END
;
CREATE TRIGGER transfer_no_delete BEFORE DELETE ON transfer BEGIN SELECT RAISE(ABORT, 'transfer is immutable'); END
;
CREATE TRIGGER transfer_rule_no_update BEFORE UPDATE ON transfer_rule BEGIN SELECT RAISE(ABORT, 'transfer_rule is immutable'); END
;
CREATE TRIGGER transfer_rule_no_delete BEFORE DELETE ON transfer_rule BEGIN SELECT RAISE(ABORT, 'transfer_rule is immutable'); END
;
CREATE TRIGGER trust_exception_no_update BEFORE UPDATE OF id, person_id, kind, span, most, times, reason, since, until, by ON trust_exception BEGIN SELECT RAISE(ABORT, 'trust_exception is immutable'); END
;
CREATE TRIGGER trust_exception_no_delete BEFORE DELETE ON trust_exception BEGIN SELECT RAISE(ABORT, 'trust_exception is immutable'); END
;
CREATE TRIGGER trust_level_no_update BEFORE UPDATE ON trust_level BEGIN SELECT RAISE(ABORT, 'trust_level is immutable'); END
;
CREATE TRIGGER trust_level_no_delete BEFORE DELETE ON trust_level BEGIN SELECT RAISE(ABORT, 'trust_level is immutable'); END
;
CREATE TRIGGER wallet_kind_no_update BEFORE UPDATE OF id, code ON wallet_kind BEGIN SELECT RAISE(ABORT, 'wallet_kind is immutable'); END
;
CREATE TRIGGER wallet_kind_no_delete BEFORE DELETE ON wallet_kind BEGIN SELECT RAISE(ABORT, 'wallet_kind is immutable'); END
