ALTER TABLE bank_statement ADD COLUMN opening_day TEXT
;
ALTER TABLE bank_statement ADD COLUMN taken_back_at INTEGER
;
ALTER TABLE bank_statement ADD COLUMN taken_back_by INTEGER
;
PRAGMA writable_schema = ON
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE account (id INTEGER NOT NULL PRIMARY KEY, code TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN (''wallet'', ''bank'', ''purchases'', ''commission'', ''fees'', ''exchange'', ''transit'', ''clarify'', ''opening'', ''debts'')), currency TEXT NOT NULL CHECK (length(currency) = 3), floor INTEGER, balance INTEGER NOT NULL, reserved INTEGER NOT NULL CHECK (reserved >= 0), debt INTEGER NOT NULL CHECK (debt >= 0), opened_at INTEGER NOT NULL, CHECK ((kind = ''wallet'') = (floor IS NOT NULL)), CHECK (floor IS NULL OR balance - reserved >= floor - debt), CHECK (floor IS NOT NULL OR (balance = 0 AND reserved = 0))) STRICT' WHERE type = 'table' AND name = 'account'
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE bank_statement (id INTEGER NOT NULL PRIMARY KEY, file_id INTEGER NOT NULL, identity TEXT NOT NULL, account TEXT NOT NULL, number TEXT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), opening INTEGER, closing INTEGER, closing_day TEXT, adds_up TEXT NOT NULL CHECK (adds_up IN (''yes'', ''no'', ''unknown'')), opening_day TEXT, taken_back_at INTEGER, taken_back_by INTEGER, FOREIGN KEY (file_id) REFERENCES bank_file (id) ON DELETE RESTRICT) STRICT' WHERE type = 'table' AND name = 'bank_statement'
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE booking (id INTEGER NOT NULL PRIMARY KEY, voucher_id INTEGER NOT NULL, key TEXT NOT NULL, motive TEXT NOT NULL CHECK (motive IN (''purchase'', ''top-up'', ''pay-out'', ''commission'', ''transfer'', ''fee'', ''exchange'', ''refund'', ''opening'', ''receipt'', ''recall'', ''write-off'')), debit_id INTEGER NOT NULL, credit_id INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 100000000000), currency TEXT NOT NULL CHECK (length(currency) = 3), booked_at INTEGER NOT NULL, value_date TEXT NOT NULL CHECK (length(value_date) = 10), actor INTEGER, debit_after INTEGER, credit_after INTEGER, reverses INTEGER, digest BLOB NOT NULL CHECK (length(digest) = 32), FOREIGN KEY (voucher_id) REFERENCES voucher (id) ON DELETE RESTRICT, FOREIGN KEY (debit_id) REFERENCES account (id) ON DELETE RESTRICT, FOREIGN KEY (credit_id) REFERENCES account (id) ON DELETE RESTRICT, CHECK (debit_id <> credit_id), FOREIGN KEY (reverses) REFERENCES booking (id)) STRICT' WHERE type = 'table' AND name = 'booking'
;
PRAGMA writable_schema = RESET
;
DROP INDEX bank_statement_identity
;
DROP TRIGGER bank_statement_no_update
;
CREATE UNIQUE INDEX bank_statement_identity ON bank_statement (identity) WHERE taken_back_at IS NULL
;
CREATE INDEX bank_statement_days ON bank_statement (account, currency, closing_day) WHERE taken_back_at IS NULL
;
CREATE TRIGGER bank_statement_no_update BEFORE UPDATE OF id, file_id, identity, account, number, currency, opening, closing, closing_day, adds_up, opening_day ON bank_statement BEGIN SELECT RAISE(ABORT, 'bank_statement is immutable'); END
;
DROP TRIGGER bank_line_no_update
;
DROP TRIGGER bank_line_no_delete
;
DROP INDEX bank_line_statement_id_n
;
DROP INDEX bank_line_booked_on_amount
;
ALTER TABLE bank_line RENAME TO bank_line_before
;
CREATE TABLE bank_line (id INTEGER NOT NULL PRIMARY KEY, statement_id INTEGER NOT NULL, "n" INTEGER NOT NULL, booked_on TEXT NOT NULL, value_date TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount <> 0), currency TEXT NOT NULL CHECK (length(currency) = 3), party TEXT NOT NULL, party_account TEXT NOT NULL, text TEXT NOT NULL, refs TEXT NOT NULL, reason TEXT NOT NULL, code TEXT NOT NULL, reversal INTEGER NOT NULL, booking INTEGER NOT NULL, unclear INTEGER NOT NULL, FOREIGN KEY (statement_id) REFERENCES bank_statement (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id) ON DELETE RESTRICT, CHECK (unclear = 0 OR (unclear > 0 AND unclear <= amount) OR (unclear < 0 AND unclear >= amount))) STRICT
;
INSERT INTO bank_line (id, statement_id, n, booked_on, value_date, amount, currency, party, party_account, text, refs, reason, code, reversal, booking, unclear) SELECT id, statement_id, n, booked_on, value_date, amount, currency, party, '', text, '', '', '', 0, booking, CASE WHEN partner IS NULL THEN amount ELSE 0 END FROM bank_line_before
;
CREATE TABLE line_claim (id INTEGER NOT NULL PRIMARY KEY, line_id INTEGER NOT NULL, "n" INTEGER NOT NULL CHECK (n > 0), kind TEXT NOT NULL CHECK (kind IN ('top-up', 'order', 'file', 'pay-out', 'returned', 'sent back', 'recall', 'debt', 'booked')), target INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount <> 0), booking INTEGER NOT NULL, made_at INTEGER NOT NULL, made_by INTEGER, comment TEXT NOT NULL, undone_at INTEGER, undone_by INTEGER, mirror INTEGER, FOREIGN KEY (line_id) REFERENCES bank_line (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id) ON DELETE RESTRICT, FOREIGN KEY (mirror) REFERENCES booking (id) ON DELETE RESTRICT, CHECK ((undone_at IS NULL) = (mirror IS NULL))) STRICT
;
CREATE UNIQUE INDEX line_claim_line_id_n ON line_claim (line_id, "n")
;
CREATE INDEX line_claim_target ON line_claim (kind, target) WHERE undone_at IS NULL
;
INSERT INTO line_claim (line_id, n, kind, target, amount, booking, made_at, made_by, comment) SELECT l.id, 1, 'top-up', l.partner, l.amount, l.booking, b.booked_at, b.actor, '' FROM bank_line_before l JOIN booking b ON b.id = l.booking WHERE l.partner IS NOT NULL
;
DROP TABLE bank_line_before
;
CREATE UNIQUE INDEX bank_line_statement_id_n ON bank_line (statement_id, "n")
;
CREATE INDEX bank_line_booked_on_amount ON bank_line (booked_on, amount)
;
CREATE INDEX bank_line_unclear ON bank_line (booked_on, id) WHERE unclear <> 0
;
CREATE TRIGGER bank_line_no_update BEFORE UPDATE OF id, statement_id, n, booked_on, value_date, amount, currency, party, party_account, text, refs, reason, code, reversal, booking ON bank_line BEGIN SELECT RAISE(ABORT, 'bank_line is immutable'); END
;
CREATE TRIGGER bank_line_no_delete BEFORE DELETE ON bank_line BEGIN SELECT RAISE(ABORT, 'bank_line is immutable'); END
;
CREATE TABLE bank_account (id INTEGER NOT NULL PRIMARY KEY, number TEXT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), account_id INTEGER NOT NULL, name TEXT NOT NULL, bank TEXT NOT NULL, bic TEXT NOT NULL, correspondent TEXT NOT NULL, pay_format TEXT NOT NULL CHECK (pay_format IN ('pain.001.001.09', 'pain.001.001.03', 'rs', '1c')), instant INTEGER NOT NULL, cutoff INTEGER NOT NULL CHECK (cutoff BETWEEN 0 AND 1439), pay_days TEXT NOT NULL, shown INTEGER NOT NULL, mapping TEXT NOT NULL, opened_at INTEGER NOT NULL, closed_at INTEGER, FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX bank_account_account_id ON bank_account (account_id)
;
CREATE UNIQUE INDEX bank_account_number_currency ON bank_account (number, currency)
;
CREATE TRIGGER bank_account_no_update BEFORE UPDATE OF id, number, currency, account_id, opened_at ON bank_account BEGIN SELECT RAISE(ABORT, 'bank_account is immutable'); END
;
CREATE TRIGGER bank_account_no_delete BEFORE DELETE ON bank_account BEGIN SELECT RAISE(ABORT, 'bank_account is immutable'); END
;
CREATE TRIGGER line_claim_no_update BEFORE UPDATE OF id, line_id, n, kind, target, amount, booking, made_at, made_by, comment ON line_claim BEGIN SELECT RAISE(ABORT, 'line_claim is immutable'); END
;
CREATE TRIGGER line_claim_no_delete BEFORE DELETE ON line_claim BEGIN SELECT RAISE(ABORT, 'line_claim is immutable'); END
;
INSERT INTO account (code, kind, currency, floor, balance, reserved, debt, opened_at) SELECT 'debts:' || currency, 'debts', currency, NULL, 0, 0, 0, opened_at FROM account WHERE kind = 'clarify'
