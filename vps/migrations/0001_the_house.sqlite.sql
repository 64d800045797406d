CREATE TABLE account (id INTEGER NOT NULL PRIMARY KEY, code TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('wallet', 'bank', 'purchases', 'commission', 'fees', 'exchange', 'transit', 'clarify', 'opening')), currency TEXT NOT NULL CHECK (length(currency) = 3), floor INTEGER, balance INTEGER NOT NULL, reserved INTEGER NOT NULL CHECK (reserved >= 0), debt INTEGER NOT NULL CHECK (debt >= 0), opened_at INTEGER NOT NULL, CHECK ((kind = 'wallet') = (floor IS NOT NULL)), CHECK (floor IS NULL OR balance - reserved >= floor - debt), CHECK (floor IS NOT NULL OR (balance = 0 AND reserved = 0))) STRICT
;
CREATE UNIQUE INDEX account_code ON account (code)
;
CREATE TABLE person (id INTEGER NOT NULL PRIMARY KEY, username TEXT NOT NULL, skeleton TEXT NOT NULL, number TEXT, key TEXT, name TEXT NOT NULL, bank_name TEXT NOT NULL, sponsor_id INTEGER, language TEXT NOT NULL CHECK (language IN ('en', 'de', 'ru', 'hr', 'sr', 'sr_Latn')), zone TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL, password TEXT, password_set_at INTEGER, joined_at INTEGER NOT NULL, closed_at INTEGER, FOREIGN KEY (sponsor_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX person_username ON person (username)
;
CREATE UNIQUE INDEX person_skeleton ON person (skeleton)
;
CREATE UNIQUE INDEX person_number ON person (number)
;
CREATE UNIQUE INDEX person_key ON person (key)
;
CREATE INDEX person_email ON person (email)
;
CREATE TABLE app (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, secret BLOB NOT NULL, made_at INTEGER NOT NULL, confirmed_at INTEGER, last_step INTEGER NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX app_person_id ON app (person_id)
;
CREATE TABLE bank_file (id INTEGER NOT NULL PRIMARY KEY, digest BLOB NOT NULL CHECK (length(digest) = 32), name TEXT NOT NULL, content BLOB NOT NULL, imported_at INTEGER NOT NULL, imported_by INTEGER) STRICT
;
CREATE UNIQUE INDEX bank_file_digest ON bank_file (digest)
;
CREATE TABLE bank_statement (id INTEGER NOT NULL PRIMARY KEY, file_id INTEGER NOT NULL, identity TEXT NOT NULL, account TEXT NOT NULL, number TEXT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), opening INTEGER, closing INTEGER, closing_day TEXT, adds_up TEXT NOT NULL CHECK (adds_up IN ('yes', 'no', 'unknown')), FOREIGN KEY (file_id) REFERENCES bank_file (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX bank_statement_identity ON bank_statement (identity)
;
CREATE TABLE bank_line (id INTEGER NOT NULL PRIMARY KEY, statement_id INTEGER NOT NULL, "n" INTEGER NOT NULL, booked_on TEXT NOT NULL, value_date TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount <> 0), currency TEXT NOT NULL CHECK (length(currency) = 3), party TEXT NOT NULL, text TEXT NOT NULL, partner INTEGER, booking INTEGER NOT NULL, FOREIGN KEY (statement_id) REFERENCES bank_statement (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX bank_line_statement_id_n ON bank_line (statement_id, "n")
;
CREATE INDEX bank_line_booked_on_amount ON bank_line (booked_on, amount)
;
CREATE TABLE voucher (id INTEGER NOT NULL PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL, day TEXT NOT NULL CHECK (length(day) = 10), text TEXT NOT NULL, "by" INTEGER) STRICT
;
CREATE UNIQUE INDEX voucher_kind_ref ON voucher (kind, ref)
;
CREATE TABLE booking (id INTEGER NOT NULL PRIMARY KEY, voucher_id INTEGER NOT NULL, key TEXT NOT NULL, motive TEXT NOT NULL CHECK (motive IN ('purchase', 'top-up', 'pay-out', 'commission', 'transfer', 'fee', 'exchange', 'refund', 'opening', 'receipt')), debit_id INTEGER NOT NULL, credit_id INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 100000000000), currency TEXT NOT NULL CHECK (length(currency) = 3), booked_at INTEGER NOT NULL, value_date TEXT NOT NULL CHECK (length(value_date) = 10), actor INTEGER, debit_after INTEGER, credit_after INTEGER, reverses INTEGER, digest BLOB NOT NULL CHECK (length(digest) = 32), FOREIGN KEY (voucher_id) REFERENCES voucher (id) ON DELETE RESTRICT, FOREIGN KEY (debit_id) REFERENCES account (id) ON DELETE RESTRICT, FOREIGN KEY (credit_id) REFERENCES account (id) ON DELETE RESTRICT, CHECK (debit_id <> credit_id), FOREIGN KEY (reverses) REFERENCES booking (id)) STRICT
;
CREATE UNIQUE INDEX booking_key ON booking (key)
;
CREATE INDEX booking_debit ON booking (debit_id, id)
;
CREATE INDEX booking_credit ON booking (credit_id, id)
;
CREATE UNIQUE INDEX booking_reverses ON booking (reverses) WHERE reverses IS NOT NULL
;
CREATE TABLE browser (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, token BLOB NOT NULL, first_at INTEGER NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX browser_token ON browser (token)
;
CREATE TABLE intent (id INTEGER NOT NULL PRIMARY KEY, nonce TEXT NOT NULL, person_id INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), payee TEXT NOT NULL, digest BLOB NOT NULL CHECK (length(digest) = 32), opened_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, cancelled_at INTEGER, posted_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (cancelled_at IS NULL OR posted_at IS NULL)) STRICT
;
CREATE UNIQUE INDEX intent_nonce ON intent (nonce)
;
CREATE INDEX intent_subject ON intent (kind, subject)
;
CREATE INDEX intent_open ON intent (person_id) WHERE posted_at IS NULL AND cancelled_at IS NULL
;
CREATE TABLE tan_sheet (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, serial TEXT NOT NULL, size INTEGER NOT NULL CHECK (size BETWEEN 2 AND 200), secret BLOB, stop_code BLOB NOT NULL, made_at INTEGER NOT NULL, made_by INTEGER, ready_at INTEGER, activated_at INTEGER, ended_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX tan_sheet_serial ON tan_sheet (serial)
;
CREATE INDEX tan_sheet_person ON tan_sheet (person_id) WHERE ended_at IS NULL
;
CREATE INDEX tan_sheet_unready ON tan_sheet (made_at) WHERE ready_at IS NULL
;
CREATE TABLE challenge (id INTEGER NOT NULL PRIMARY KEY, intent_id INTEGER NOT NULL, way TEXT NOT NULL CHECK (way IN ('sheet', 'app')), sheet_id INTEGER, "n" INTEGER, tries INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 3), used_at INTEGER, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, FOREIGN KEY (sheet_id) REFERENCES tan_sheet (id) ON DELETE RESTRICT, CHECK ((way = 'sheet') = (n IS NOT NULL AND sheet_id IS NOT NULL))) STRICT
;
CREATE UNIQUE INDEX challenge_intent_id_way ON challenge (intent_id, way)
;
CREATE TABLE customer (id INTEGER NOT NULL PRIMARY KEY, partner_id INTEGER NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL, language TEXT NOT NULL, street TEXT NOT NULL, postcode TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL, made_at INTEGER NOT NULL, FOREIGN KEY (partner_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE INDEX customer_partner ON customer (partner_id, name)
;
CREATE TABLE event (id INTEGER NOT NULL PRIMARY KEY, actor INTEGER, subject TEXT NOT NULL, verb TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL) STRICT
;
CREATE INDEX event_subject ON event (subject, id)
;
CREATE TABLE wallet_freeze (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, frozen_at INTEGER NOT NULL, frozen_by INTEGER, lifted_at INTEGER, lifted_by INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX freeze_in_force ON wallet_freeze (person_id) WHERE lifted_at IS NULL
;
CREATE TABLE hold (id INTEGER NOT NULL PRIMARY KEY, account_id INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), reason TEXT NOT NULL, key TEXT NOT NULL, held_at INTEGER NOT NULL, "until" INTEGER, released_at INTEGER, FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX hold_key ON hold (key)
;
CREATE INDEX hold_open ON hold (account_id) WHERE released_at IS NULL
;
CREATE TABLE invitation (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, purpose TEXT NOT NULL CHECK (purpose IN ('join', 'password')), token BLOB NOT NULL, made_at INTEGER NOT NULL, made_by INTEGER, expires_at INTEGER NOT NULL, used_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX invitation_token ON invitation (token)
;
CREATE INDEX invitation_open ON invitation (person_id) WHERE used_at IS NULL
;
CREATE TABLE outbox (id INTEGER NOT NULL PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, address TEXT NOT NULL, language TEXT NOT NULL, facts TEXT NOT NULL, made_at INTEGER NOT NULL, due_at INTEGER NOT NULL, sent_at INTEGER, tries INTEGER NOT NULL, error TEXT NOT NULL) STRICT
;
CREATE UNIQUE INDEX outbox_key ON outbox (key)
;
CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at IS NULL
;
CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, key TEXT NOT NULL, partner_id INTEGER NOT NULL, customer_id INTEGER NOT NULL, total INTEGER NOT NULL CHECK (total > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), points INTEGER NOT NULL, made_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, paid_at INTEGER, final_at INTEGER, provisioned_at INTEGER, cancelled_at INTEGER, shipped_at INTEGER, delivered_at INTEGER, street TEXT NOT NULL, postcode TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL, FOREIGN KEY (partner_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE RESTRICT, CHECK ((paid_at IS NULL) = (final_at IS NULL)), CHECK (provisioned_at IS NULL OR final_at IS NOT NULL), CHECK (cancelled_at IS NULL OR paid_at IS NULL)) STRICT
;
CREATE UNIQUE INDEX orders_key ON orders (key)
;
CREATE INDEX orders_red ON orders (id) WHERE cancelled_at IS NULL AND paid_at IS NULL
;
CREATE INDEX orders_red_of_partner ON orders (partner_id, id) WHERE cancelled_at IS NULL AND paid_at IS NULL
;
CREATE INDEX orders_paid ON orders (final_at, id) WHERE cancelled_at IS NULL AND paid_at IS NOT NULL AND provisioned_at IS NULL
;
CREATE INDEX orders_paid_of_partner ON orders (partner_id, final_at, id) WHERE cancelled_at IS NULL AND paid_at IS NOT NULL AND provisioned_at IS NULL
;
CREATE INDEX orders_blue ON orders (provisioned_at, id) WHERE cancelled_at IS NULL AND provisioned_at IS NOT NULL
;
CREATE INDEX orders_blue_of_partner ON orders (partner_id, provisioned_at, id) WHERE cancelled_at IS NULL AND provisioned_at IS NOT NULL
;
CREATE INDEX orders_customer ON orders (customer_id, id)
;
CREATE INDEX orders_partner ON orders (partner_id, made_at, id)
;
CREATE INDEX orders_to_send ON orders (final_at, id) WHERE cancelled_at IS NULL AND paid_at IS NOT NULL AND shipped_at IS NULL
;
CREATE TABLE product (id INTEGER NOT NULL PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL, price INTEGER NOT NULL CHECK (price > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), points INTEGER NOT NULL CHECK (points >= 0), tax_rate INTEGER NOT NULL CHECK (tax_rate BETWEEN 0 AND 10000), offered INTEGER NOT NULL) STRICT
;
CREATE UNIQUE INDEX product_code ON product (code)
;
CREATE TABLE order_line (id INTEGER NOT NULL PRIMARY KEY, order_id INTEGER NOT NULL, "n" INTEGER NOT NULL, product_id INTEGER NOT NULL, name TEXT NOT NULL, quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 999), price INTEGER NOT NULL CHECK (price > 0), points INTEGER NOT NULL, tax_rate INTEGER NOT NULL, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT, FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX order_line_order_id_n ON order_line (order_id, "n")
;
CREATE TABLE order_payment (id INTEGER NOT NULL PRIMARY KEY, order_id INTEGER NOT NULL, "n" INTEGER NOT NULL CHECK (n > 0), means TEXT NOT NULL CHECK (means IN ('wallet', 'transfer', 'cheque', 'import')), amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), booking INTEGER, intent_id INTEGER, paid_at INTEGER NOT NULL, final_at INTEGER NOT NULL, recalled_at INTEGER, reason TEXT NOT NULL, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id), CHECK (means <> 'wallet' OR booking IS NOT NULL)) STRICT
;
CREATE UNIQUE INDEX order_payment_order_id_n ON order_payment (order_id, "n")
;
CREATE UNIQUE INDEX order_payment_live ON order_payment (order_id) WHERE recalled_at IS NULL
;
CREATE UNIQUE INDEX order_payment_intent ON order_payment (intent_id) WHERE intent_id IS NOT NULL
;
CREATE TABLE person_right (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, granted TEXT NOT NULL CHECK (granted IN ('read', 'book')), granted_at INTEGER NOT NULL, granted_by INTEGER, withdrawn_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX person_right_in_force ON person_right (person_id, granted) WHERE withdrawn_at IS NULL
;
CREATE TABLE question (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, booking INTEGER NOT NULL, text TEXT NOT NULL CHECK (length(text) > 0), asked_at INTEGER NOT NULL, answer TEXT, answered_at INTEGER, answered_by INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ((answer IS NULL) = (answered_at IS NULL)), FOREIGN KEY (booking) REFERENCES booking (id)) STRICT
;
CREATE INDEX question_open ON question (asked_at) WHERE answered_at IS NULL
;
CREATE INDEX question_line ON question (person_id, booking)
;
CREATE TABLE seal (id INTEGER NOT NULL PRIMARY KEY, chain TEXT NOT NULL CHECK (chain IN ('booking', 'event')), previous INTEGER NOT NULL, upto INTEGER NOT NULL, count INTEGER NOT NULL, digest BLOB NOT NULL, signature BLOB NOT NULL, sealed_at INTEGER NOT NULL, CHECK (upto > previous)) STRICT
;
CREATE UNIQUE INDEX seal_chain_previous ON seal (chain, previous)
;
CREATE UNIQUE INDEX seal_chain_upto ON seal (chain, upto)
;
CREATE TABLE "session" (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, token BLOB NOT NULL, csrf TEXT NOT NULL, started_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, confirmed_at INTEGER, ended_at INTEGER, address TEXT NOT NULL, browser TEXT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX session_token ON "session" (token)
;
CREATE INDEX session_open ON "session" (person_id) WHERE ended_at IS NULL
;
CREATE TABLE setting (id INTEGER NOT NULL PRIMARY KEY, key TEXT NOT NULL, value TEXT NOT NULL, "since" INTEGER NOT NULL, "by" INTEGER) STRICT
;
CREATE TABLE tan (sheet_id INTEGER NOT NULL, "n" INTEGER NOT NULL, hash TEXT NOT NULL, used_at INTEGER, burned_at INTEGER, intent_id INTEGER, PRIMARY KEY (sheet_id, "n"), FOREIGN KEY (sheet_id) REFERENCES tan_sheet (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, CHECK (used_at IS NULL OR burned_at IS NULL)) STRICT
;
CREATE TABLE throttle (scope TEXT NOT NULL, subject TEXT NOT NULL, failures INTEGER NOT NULL, "since" INTEGER NOT NULL, blocked_until INTEGER, doublings INTEGER NOT NULL, PRIMARY KEY (scope, subject)) STRICT
;
CREATE TABLE total (account_id INTEGER NOT NULL, month TEXT NOT NULL CHECK (length(month) = 7), motive TEXT NOT NULL, side TEXT NOT NULL CHECK (side IN ('debit', 'credit')), count INTEGER NOT NULL, minor INTEGER NOT NULL, PRIMARY KEY (account_id, month, motive, side), FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT) STRICT
;
CREATE TABLE "usage" (account_id INTEGER NOT NULL, kind TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, cum_minor INTEGER NOT NULL, cum_count INTEGER NOT NULL, PRIMARY KEY (account_id, kind, seq), FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT) STRICT
;
CREATE INDEX usage_account_id_kind_at_seq ON "usage" (account_id, kind, at, seq)
;
CREATE TABLE wallet (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, account_id INTEGER NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), opened_at INTEGER NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX wallet_account_id ON wallet (account_id)
;
CREATE UNIQUE INDEX wallet_person_id_currency ON wallet (person_id, currency)
;
CREATE TABLE way (person_id INTEGER NOT NULL, way TEXT NOT NULL CHECK (way IN ('sheet', 'app')), wrong_in_row INTEGER NOT NULL, wrong_ever INTEGER NOT NULL, blocked_at INTEGER, PRIMARY KEY (person_id, way), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE TABLE word (word BLOB NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('person', 'customer')), owner INTEGER NOT NULL, PRIMARY KEY (word, kind, owner)) STRICT
;
CREATE INDEX word_owner ON word (owner, kind)
;
CREATE TRIGGER account_no_update BEFORE UPDATE OF id, code, kind, currency, opened_at ON account BEGIN SELECT RAISE(ABORT, 'account is immutable'); END
;
CREATE TRIGGER account_no_delete BEFORE DELETE ON account BEGIN SELECT RAISE(ABORT, 'account is immutable'); END
;
CREATE TRIGGER app_no_update BEFORE UPDATE OF id, person_id ON app BEGIN SELECT RAISE(ABORT, 'app is immutable'); END
;
CREATE TRIGGER app_no_delete BEFORE DELETE ON app BEGIN SELECT RAISE(ABORT, 'app is immutable'); END
;
CREATE TRIGGER bank_file_no_update BEFORE UPDATE ON bank_file BEGIN SELECT RAISE(ABORT, 'bank_file is immutable'); END
;
CREATE TRIGGER bank_file_no_delete BEFORE DELETE ON bank_file BEGIN SELECT RAISE(ABORT, 'bank_file is immutable'); END
;
CREATE TRIGGER bank_statement_no_update BEFORE UPDATE ON bank_statement BEGIN SELECT RAISE(ABORT, 'bank_statement is immutable'); END
;
CREATE TRIGGER bank_statement_no_delete BEFORE DELETE ON bank_statement BEGIN SELECT RAISE(ABORT, 'bank_statement is immutable'); END
;
CREATE TRIGGER bank_line_no_update BEFORE UPDATE ON bank_line BEGIN SELECT RAISE(ABORT, 'bank_line is immutable'); END
;
CREATE TRIGGER bank_line_no_delete BEFORE DELETE ON bank_line BEGIN SELECT RAISE(ABORT, 'bank_line is immutable'); END
;
CREATE TRIGGER voucher_no_update BEFORE UPDATE ON voucher BEGIN SELECT RAISE(ABORT, 'voucher is immutable'); END
;
CREATE TRIGGER voucher_no_delete BEFORE DELETE ON voucher BEGIN SELECT RAISE(ABORT, 'voucher is immutable'); END
;
CREATE TRIGGER booking_no_update BEFORE UPDATE ON booking BEGIN SELECT RAISE(ABORT, 'booking is immutable'); END
;
CREATE TRIGGER booking_no_delete BEFORE DELETE ON booking BEGIN SELECT RAISE(ABORT, 'booking is immutable'); END
;
CREATE TRIGGER intent_no_update BEFORE UPDATE OF id, nonce, person_id, kind, subject, amount, currency, payee, digest, opened_at, expires_at ON intent BEGIN SELECT RAISE(ABORT, 'intent is immutable'); END
;
CREATE TRIGGER intent_no_delete BEFORE DELETE ON intent BEGIN SELECT RAISE(ABORT, 'intent is immutable'); END
;
CREATE TRIGGER tan_sheet_no_update BEFORE UPDATE OF id, person_id, serial, size, stop_code, made_at, made_by ON tan_sheet BEGIN SELECT RAISE(ABORT, 'tan_sheet is immutable'); END
;
CREATE TRIGGER tan_sheet_no_delete BEFORE DELETE ON tan_sheet BEGIN SELECT RAISE(ABORT, 'tan_sheet is immutable'); END
;
CREATE TRIGGER challenge_no_update BEFORE UPDATE OF id, intent_id, way, sheet_id, n ON challenge BEGIN SELECT RAISE(ABORT, 'challenge is immutable'); END
;
CREATE TRIGGER challenge_no_delete BEFORE DELETE ON challenge BEGIN SELECT RAISE(ABORT, 'challenge is immutable'); END
;
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is immutable'); END
;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'event is immutable'); END
;
CREATE TRIGGER wallet_freeze_no_update BEFORE UPDATE OF id, person_id, frozen_at, frozen_by ON wallet_freeze BEGIN SELECT RAISE(ABORT, 'wallet_freeze is immutable'); END
;
CREATE TRIGGER wallet_freeze_no_delete BEFORE DELETE ON wallet_freeze BEGIN SELECT RAISE(ABORT, 'wallet_freeze is immutable'); END
;
CREATE TRIGGER hold_no_update BEFORE UPDATE OF id, account_id, amount, reason, key, held_at, until ON hold BEGIN SELECT RAISE(ABORT, 'hold is immutable'); END
;
CREATE TRIGGER hold_no_delete BEFORE DELETE ON hold BEGIN SELECT RAISE(ABORT, 'hold is immutable'); END
;
CREATE TRIGGER invitation_no_update BEFORE UPDATE OF id, person_id, purpose, token, made_at, made_by ON invitation BEGIN SELECT RAISE(ABORT, 'invitation is immutable'); END
;
CREATE TRIGGER invitation_no_delete BEFORE DELETE ON invitation BEGIN SELECT RAISE(ABORT, 'invitation is immutable'); END
;
CREATE TRIGGER outbox_no_update BEFORE UPDATE OF id, key, kind, address, language, made_at ON outbox BEGIN SELECT RAISE(ABORT, 'outbox is immutable'); END
;
CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'outbox is immutable'); END
;
CREATE TRIGGER orders_no_update BEFORE UPDATE OF id, key, partner_id, made_at ON orders BEGIN SELECT RAISE(ABORT, 'orders is immutable'); END
;
CREATE TRIGGER orders_no_delete BEFORE DELETE ON orders BEGIN SELECT RAISE(ABORT, 'orders is immutable'); END
;
CREATE TRIGGER order_payment_no_update BEFORE UPDATE OF id, order_id, n, means, amount, currency, booking, intent_id, paid_at, final_at ON order_payment BEGIN SELECT RAISE(ABORT, 'order_payment is immutable'); END
;
CREATE TRIGGER order_payment_no_delete BEFORE DELETE ON order_payment BEGIN SELECT RAISE(ABORT, 'order_payment is immutable'); END
;
CREATE TRIGGER person_right_no_update BEFORE UPDATE OF id, person_id, granted, granted_at, granted_by ON person_right BEGIN SELECT RAISE(ABORT, 'person_right is immutable'); END
;
CREATE TRIGGER person_right_no_delete BEFORE DELETE ON person_right BEGIN SELECT RAISE(ABORT, 'person_right is immutable'); END
;
CREATE TRIGGER question_no_update BEFORE UPDATE OF id, person_id, booking, text, asked_at ON question BEGIN SELECT RAISE(ABORT, 'question is immutable'); END
;
CREATE TRIGGER question_no_delete BEFORE DELETE ON question BEGIN SELECT RAISE(ABORT, 'question is immutable'); END
;
CREATE TRIGGER seal_no_update BEFORE UPDATE ON seal BEGIN SELECT RAISE(ABORT, 'seal is immutable'); END
;
CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'seal is immutable'); END
;
CREATE TRIGGER setting_no_update BEFORE UPDATE ON setting BEGIN SELECT RAISE(ABORT, 'setting is immutable'); END
;
CREATE TRIGGER setting_no_delete BEFORE DELETE ON setting BEGIN SELECT RAISE(ABORT, 'setting is immutable'); END
;
CREATE TRIGGER usage_no_update BEFORE UPDATE ON usage BEGIN SELECT RAISE(ABORT, 'usage is immutable'); END
;
CREATE TRIGGER usage_no_delete BEFORE DELETE ON usage BEGIN SELECT RAISE(ABORT, 'usage is immutable'); END
;
CREATE TRIGGER wallet_no_update BEFORE UPDATE ON wallet BEGIN SELECT RAISE(ABORT, 'wallet is immutable'); END
;
CREATE TRIGGER wallet_no_delete BEFORE DELETE ON wallet BEGIN SELECT RAISE(ABORT, 'wallet is immutable'); END
