CREATE TABLE account (id BIGSERIAL NOT NULL PRIMARY KEY, code TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('wallet', 'bank', 'purchases', 'commission', 'fees', 'exchange', 'transit', 'clarify', 'opening')), currency TEXT NOT NULL CHECK (length(currency) = 3), floor BIGINT, balance BIGINT NOT NULL, reserved BIGINT NOT NULL CHECK (reserved >= 0), debt BIGINT NOT NULL CHECK (debt >= 0), opened_at BIGINT NOT NULL, CHECK ((kind = 'wallet') = (floor IS NOT NULL)), CHECK (floor IS NULL OR balance - reserved >= floor - debt), CHECK (floor IS NOT NULL OR (balance = 0 AND reserved = 0)))
;
CREATE UNIQUE INDEX account_code ON account (code)
;
CREATE TABLE person (id BIGSERIAL NOT NULL PRIMARY KEY, username TEXT NOT NULL, skeleton TEXT NOT NULL, number TEXT, key TEXT, name TEXT NOT NULL, bank_name TEXT NOT NULL, sponsor_id BIGINT, language TEXT NOT NULL CHECK (language IN ('en', 'de', 'ru', 'hr', 'sr', 'sr_Latn')), zone TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL, password TEXT, password_set_at BIGINT, joined_at BIGINT NOT NULL, closed_at BIGINT, FOREIGN KEY (sponsor_id) REFERENCES person (id) ON DELETE RESTRICT)
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
CREATE TABLE app (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, secret BYTEA NOT NULL, made_at BIGINT NOT NULL, confirmed_at BIGINT, last_step BIGINT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX app_person_id ON app (person_id)
;
CREATE TABLE bank_file (id BIGSERIAL NOT NULL PRIMARY KEY, digest BYTEA NOT NULL CHECK (length(digest) = 32), name TEXT NOT NULL, content BYTEA NOT NULL, imported_at BIGINT NOT NULL, imported_by BIGINT)
;
CREATE UNIQUE INDEX bank_file_digest ON bank_file (digest)
;
CREATE TABLE bank_statement (id BIGSERIAL NOT NULL PRIMARY KEY, file_id BIGINT NOT NULL, identity TEXT NOT NULL, account TEXT NOT NULL, number TEXT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), opening BIGINT, closing BIGINT, closing_day TEXT, adds_up TEXT NOT NULL CHECK (adds_up IN ('yes', 'no', 'unknown')), FOREIGN KEY (file_id) REFERENCES bank_file (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX bank_statement_identity ON bank_statement (identity)
;
CREATE TABLE bank_line (id BIGSERIAL NOT NULL PRIMARY KEY, statement_id BIGINT NOT NULL, "n" INTEGER NOT NULL, booked_on TEXT NOT NULL, value_date TEXT NOT NULL, amount BIGINT NOT NULL CHECK (amount <> 0), currency TEXT NOT NULL CHECK (length(currency) = 3), party TEXT NOT NULL, text TEXT NOT NULL, partner BIGINT, booking BIGINT NOT NULL, FOREIGN KEY (statement_id) REFERENCES bank_statement (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX bank_line_statement_id_n ON bank_line (statement_id, "n")
;
CREATE INDEX bank_line_booked_on_amount ON bank_line (booked_on, amount)
;
CREATE TABLE voucher (id BIGSERIAL NOT NULL PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL, day TEXT NOT NULL CHECK (length(day) = 10), text TEXT NOT NULL, "by" BIGINT)
;
CREATE UNIQUE INDEX voucher_kind_ref ON voucher (kind, ref)
;
CREATE TABLE booking (id BIGSERIAL NOT NULL PRIMARY KEY, voucher_id BIGINT NOT NULL, key TEXT NOT NULL, motive TEXT NOT NULL CHECK (motive IN ('purchase', 'top-up', 'pay-out', 'commission', 'transfer', 'fee', 'exchange', 'refund', 'opening', 'receipt')), debit_id BIGINT NOT NULL, credit_id BIGINT NOT NULL, amount BIGINT NOT NULL CHECK (amount BETWEEN 1 AND 100000000000), currency TEXT NOT NULL CHECK (length(currency) = 3), booked_at BIGINT NOT NULL, value_date TEXT NOT NULL CHECK (length(value_date) = 10), actor BIGINT, debit_after BIGINT, credit_after BIGINT, reverses BIGINT, digest BYTEA NOT NULL CHECK (length(digest) = 32), FOREIGN KEY (voucher_id) REFERENCES voucher (id) ON DELETE RESTRICT, FOREIGN KEY (debit_id) REFERENCES account (id) ON DELETE RESTRICT, FOREIGN KEY (credit_id) REFERENCES account (id) ON DELETE RESTRICT, CHECK (debit_id <> credit_id), FOREIGN KEY (reverses) REFERENCES booking (id))
;
CREATE UNIQUE INDEX booking_key ON booking (key)
;
CREATE INDEX booking_debit ON booking (debit_id, id)
;
CREATE INDEX booking_credit ON booking (credit_id, id)
;
CREATE UNIQUE INDEX booking_reverses ON booking (reverses) WHERE reverses IS NOT NULL
;
CREATE TABLE browser (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, token BYTEA NOT NULL, first_at BIGINT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX browser_token ON browser (token)
;
CREATE TABLE intent (id BIGSERIAL NOT NULL PRIMARY KEY, nonce TEXT NOT NULL, person_id BIGINT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, amount BIGINT NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), payee TEXT NOT NULL, digest BYTEA NOT NULL CHECK (length(digest) = 32), opened_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, cancelled_at BIGINT, posted_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (cancelled_at IS NULL OR posted_at IS NULL))
;
CREATE UNIQUE INDEX intent_nonce ON intent (nonce)
;
CREATE INDEX intent_subject ON intent (kind, subject)
;
CREATE INDEX intent_open ON intent (person_id) WHERE posted_at IS NULL AND cancelled_at IS NULL
;
CREATE TABLE tan_sheet (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, serial TEXT NOT NULL, size INTEGER NOT NULL CHECK (size BETWEEN 2 AND 200), secret BYTEA, stop_code BYTEA NOT NULL, made_at BIGINT NOT NULL, made_by BIGINT, ready_at BIGINT, activated_at BIGINT, ended_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX tan_sheet_serial ON tan_sheet (serial)
;
CREATE INDEX tan_sheet_person ON tan_sheet (person_id) WHERE ended_at IS NULL
;
CREATE INDEX tan_sheet_unready ON tan_sheet (made_at) WHERE ready_at IS NULL
;
CREATE TABLE challenge (id BIGSERIAL NOT NULL PRIMARY KEY, intent_id BIGINT NOT NULL, way TEXT NOT NULL CHECK (way IN ('sheet', 'app')), sheet_id BIGINT, "n" INTEGER, tries INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 3), used_at BIGINT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, FOREIGN KEY (sheet_id) REFERENCES tan_sheet (id) ON DELETE RESTRICT, CHECK ((way = 'sheet') = (n IS NOT NULL AND sheet_id IS NOT NULL)))
;
CREATE UNIQUE INDEX challenge_intent_id_way ON challenge (intent_id, way)
;
CREATE TABLE customer (id BIGSERIAL NOT NULL PRIMARY KEY, partner_id BIGINT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL, language TEXT NOT NULL, street TEXT NOT NULL, postcode TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL, made_at BIGINT NOT NULL, FOREIGN KEY (partner_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE INDEX customer_partner ON customer (partner_id, name)
;
CREATE TABLE event (id BIGSERIAL NOT NULL PRIMARY KEY, actor BIGINT, subject TEXT NOT NULL, verb TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, address TEXT NOT NULL, at BIGINT NOT NULL)
;
CREATE INDEX event_subject ON event (subject, id)
;
CREATE TABLE wallet_freeze (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, frozen_at BIGINT NOT NULL, frozen_by BIGINT, lifted_at BIGINT, lifted_by BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX freeze_in_force ON wallet_freeze (person_id) WHERE lifted_at IS NULL
;
CREATE TABLE hold (id BIGSERIAL NOT NULL PRIMARY KEY, account_id BIGINT NOT NULL, amount BIGINT NOT NULL CHECK (amount > 0), reason TEXT NOT NULL, key TEXT NOT NULL, held_at BIGINT NOT NULL, "until" BIGINT, released_at BIGINT, FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX hold_key ON hold (key)
;
CREATE INDEX hold_open ON hold (account_id) WHERE released_at IS NULL
;
CREATE TABLE invitation (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, purpose TEXT NOT NULL CHECK (purpose IN ('join', 'password')), token BYTEA NOT NULL, made_at BIGINT NOT NULL, made_by BIGINT, expires_at BIGINT NOT NULL, used_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX invitation_token ON invitation (token)
;
CREATE INDEX invitation_open ON invitation (person_id) WHERE used_at IS NULL
;
CREATE TABLE outbox (id BIGSERIAL NOT NULL PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, address TEXT NOT NULL, language TEXT NOT NULL, facts TEXT NOT NULL, made_at BIGINT NOT NULL, due_at BIGINT NOT NULL, sent_at BIGINT, tries INTEGER NOT NULL, error TEXT NOT NULL)
;
CREATE UNIQUE INDEX outbox_key ON outbox (key)
;
CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at IS NULL
;
CREATE TABLE orders (id BIGSERIAL NOT NULL PRIMARY KEY, key TEXT NOT NULL, partner_id BIGINT NOT NULL, customer_id BIGINT NOT NULL, total BIGINT NOT NULL CHECK (total > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), points BIGINT NOT NULL, made_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, paid_at BIGINT, final_at BIGINT, provisioned_at BIGINT, cancelled_at BIGINT, shipped_at BIGINT, delivered_at BIGINT, street TEXT NOT NULL, postcode TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL, FOREIGN KEY (partner_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE RESTRICT, CHECK ((paid_at IS NULL) = (final_at IS NULL)), CHECK (provisioned_at IS NULL OR final_at IS NOT NULL), CHECK (cancelled_at IS NULL OR paid_at IS NULL))
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
CREATE TABLE product (id BIGSERIAL NOT NULL PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL, price BIGINT NOT NULL CHECK (price > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), points BIGINT NOT NULL CHECK (points >= 0), tax_rate INTEGER NOT NULL CHECK (tax_rate BETWEEN 0 AND 10000), offered BOOLEAN NOT NULL)
;
CREATE UNIQUE INDEX product_code ON product (code)
;
CREATE TABLE order_line (id BIGSERIAL NOT NULL PRIMARY KEY, order_id BIGINT NOT NULL, "n" INTEGER NOT NULL, product_id BIGINT NOT NULL, name TEXT NOT NULL, quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 999), price BIGINT NOT NULL CHECK (price > 0), points BIGINT NOT NULL, tax_rate INTEGER NOT NULL, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT, FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX order_line_order_id_n ON order_line (order_id, "n")
;
CREATE TABLE order_payment (id BIGSERIAL NOT NULL PRIMARY KEY, order_id BIGINT NOT NULL, "n" INTEGER NOT NULL CHECK (n > 0), means TEXT NOT NULL CHECK (means IN ('wallet', 'transfer', 'cheque', 'import')), amount BIGINT NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), booking BIGINT, intent_id BIGINT, paid_at BIGINT NOT NULL, final_at BIGINT NOT NULL, recalled_at BIGINT, reason TEXT NOT NULL, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id), CHECK (means <> 'wallet' OR booking IS NOT NULL))
;
CREATE UNIQUE INDEX order_payment_order_id_n ON order_payment (order_id, "n")
;
CREATE UNIQUE INDEX order_payment_live ON order_payment (order_id) WHERE recalled_at IS NULL
;
CREATE UNIQUE INDEX order_payment_intent ON order_payment (intent_id) WHERE intent_id IS NOT NULL
;
CREATE TABLE person_right (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, granted TEXT NOT NULL CHECK (granted IN ('read', 'book')), granted_at BIGINT NOT NULL, granted_by BIGINT, withdrawn_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX person_right_in_force ON person_right (person_id, granted) WHERE withdrawn_at IS NULL
;
CREATE TABLE question (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, booking BIGINT NOT NULL, text TEXT NOT NULL CHECK (length(text) > 0), asked_at BIGINT NOT NULL, answer TEXT, answered_at BIGINT, answered_by BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ((answer IS NULL) = (answered_at IS NULL)), FOREIGN KEY (booking) REFERENCES booking (id))
;
CREATE INDEX question_open ON question (asked_at) WHERE answered_at IS NULL
;
CREATE INDEX question_line ON question (person_id, booking)
;
CREATE TABLE seal (id BIGSERIAL NOT NULL PRIMARY KEY, chain TEXT NOT NULL CHECK (chain IN ('booking', 'event')), previous BIGINT NOT NULL, upto BIGINT NOT NULL, count BIGINT NOT NULL, digest BYTEA NOT NULL, signature BYTEA NOT NULL, sealed_at BIGINT NOT NULL, CHECK (upto > previous))
;
CREATE UNIQUE INDEX seal_chain_previous ON seal (chain, previous)
;
CREATE UNIQUE INDEX seal_chain_upto ON seal (chain, upto)
;
CREATE TABLE "session" (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, token BYTEA NOT NULL, csrf TEXT NOT NULL, started_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, confirmed_at BIGINT, ended_at BIGINT, address TEXT NOT NULL, browser TEXT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX session_token ON "session" (token)
;
CREATE INDEX session_open ON "session" (person_id) WHERE ended_at IS NULL
;
CREATE TABLE setting (id BIGSERIAL NOT NULL PRIMARY KEY, key TEXT NOT NULL, value TEXT NOT NULL, "since" BIGINT NOT NULL, "by" BIGINT)
;
CREATE TABLE tan (sheet_id BIGINT NOT NULL, "n" INTEGER NOT NULL, hash TEXT NOT NULL, used_at BIGINT, burned_at BIGINT, intent_id BIGINT, PRIMARY KEY (sheet_id, "n"), FOREIGN KEY (sheet_id) REFERENCES tan_sheet (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, CHECK (used_at IS NULL OR burned_at IS NULL))
;
CREATE TABLE throttle (scope TEXT NOT NULL, subject TEXT NOT NULL, failures INTEGER NOT NULL, "since" BIGINT NOT NULL, blocked_until BIGINT, doublings INTEGER NOT NULL, PRIMARY KEY (scope, subject))
;
CREATE TABLE total (account_id BIGINT NOT NULL, month TEXT NOT NULL CHECK (length(month) = 7), motive TEXT NOT NULL, side TEXT NOT NULL CHECK (side IN ('debit', 'credit')), count BIGINT NOT NULL, minor BIGINT NOT NULL, PRIMARY KEY (account_id, month, motive, side), FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT)
;
CREATE TABLE "usage" (account_id BIGINT NOT NULL, kind TEXT NOT NULL, seq INTEGER NOT NULL, at BIGINT NOT NULL, cum_minor BIGINT NOT NULL, cum_count BIGINT NOT NULL, PRIMARY KEY (account_id, kind, seq), FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT)
;
CREATE INDEX usage_account_id_kind_at_seq ON "usage" (account_id, kind, at, seq)
;
CREATE TABLE wallet (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, account_id BIGINT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), opened_at BIGINT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX wallet_account_id ON wallet (account_id)
;
CREATE UNIQUE INDEX wallet_person_id_currency ON wallet (person_id, currency)
;
CREATE TABLE way (person_id BIGINT NOT NULL, way TEXT NOT NULL CHECK (way IN ('sheet', 'app')), wrong_in_row INTEGER NOT NULL, wrong_ever INTEGER NOT NULL, blocked_at BIGINT, PRIMARY KEY (person_id, way), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE TABLE word (word BYTEA NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('person', 'customer')), owner BIGINT NOT NULL, PRIMARY KEY (word, kind, owner))
;
CREATE INDEX word_owner ON word (owner, kind)
;
CREATE OR REPLACE FUNCTION vps_immutable() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is immutable', ERRCODE = 'integrity_constraint_violation'; END $$
;
CREATE TRIGGER account_no_update BEFORE UPDATE OF id, code, kind, currency, opened_at ON account FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER account_no_delete BEFORE DELETE ON account FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER account_no_truncate BEFORE TRUNCATE ON account FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER app_no_update BEFORE UPDATE OF id, person_id ON app FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER app_no_delete BEFORE DELETE ON app FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER app_no_truncate BEFORE TRUNCATE ON app FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bank_file_no_update BEFORE UPDATE ON bank_file FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bank_file_no_delete BEFORE DELETE ON bank_file FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bank_file_no_truncate BEFORE TRUNCATE ON bank_file FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bank_statement_no_update BEFORE UPDATE ON bank_statement FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bank_statement_no_delete BEFORE DELETE ON bank_statement FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bank_statement_no_truncate BEFORE TRUNCATE ON bank_statement FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bank_line_no_update BEFORE UPDATE ON bank_line FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bank_line_no_delete BEFORE DELETE ON bank_line FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bank_line_no_truncate BEFORE TRUNCATE ON bank_line FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER voucher_no_update BEFORE UPDATE ON voucher FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER voucher_no_delete BEFORE DELETE ON voucher FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER voucher_no_truncate BEFORE TRUNCATE ON voucher FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER booking_no_update BEFORE UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER booking_no_delete BEFORE DELETE ON booking FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER booking_no_truncate BEFORE TRUNCATE ON booking FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER intent_no_update BEFORE UPDATE OF id, nonce, person_id, kind, subject, amount, currency, payee, digest, opened_at, expires_at ON intent FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER intent_no_delete BEFORE DELETE ON intent FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER intent_no_truncate BEFORE TRUNCATE ON intent FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER tan_sheet_no_update BEFORE UPDATE OF id, person_id, serial, size, stop_code, made_at, made_by ON tan_sheet FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER tan_sheet_no_delete BEFORE DELETE ON tan_sheet FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER tan_sheet_no_truncate BEFORE TRUNCATE ON tan_sheet FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER challenge_no_update BEFORE UPDATE OF id, intent_id, way, sheet_id, n ON challenge FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER challenge_no_delete BEFORE DELETE ON challenge FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER challenge_no_truncate BEFORE TRUNCATE ON challenge FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER event_no_update BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER wallet_freeze_no_update BEFORE UPDATE OF id, person_id, frozen_at, frozen_by ON wallet_freeze FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER wallet_freeze_no_delete BEFORE DELETE ON wallet_freeze FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER wallet_freeze_no_truncate BEFORE TRUNCATE ON wallet_freeze FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER hold_no_update BEFORE UPDATE OF id, account_id, amount, reason, key, held_at, until ON hold FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER hold_no_delete BEFORE DELETE ON hold FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER hold_no_truncate BEFORE TRUNCATE ON hold FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER invitation_no_update BEFORE UPDATE OF id, person_id, purpose, token, made_at, made_by ON invitation FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER invitation_no_delete BEFORE DELETE ON invitation FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER invitation_no_truncate BEFORE TRUNCATE ON invitation FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER outbox_no_update BEFORE UPDATE OF id, key, kind, address, language, made_at ON outbox FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER outbox_no_truncate BEFORE TRUNCATE ON outbox FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER orders_no_update BEFORE UPDATE OF id, key, partner_id, made_at ON orders FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER orders_no_delete BEFORE DELETE ON orders FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER orders_no_truncate BEFORE TRUNCATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER order_payment_no_update BEFORE UPDATE OF id, order_id, n, means, amount, currency, booking, intent_id, paid_at, final_at ON order_payment FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER order_payment_no_delete BEFORE DELETE ON order_payment FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER order_payment_no_truncate BEFORE TRUNCATE ON order_payment FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER person_right_no_update BEFORE UPDATE OF id, person_id, granted, granted_at, granted_by ON person_right FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER person_right_no_delete BEFORE DELETE ON person_right FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER person_right_no_truncate BEFORE TRUNCATE ON person_right FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER question_no_update BEFORE UPDATE OF id, person_id, booking, text, asked_at ON question FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER question_no_delete BEFORE DELETE ON question FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER question_no_truncate BEFORE TRUNCATE ON question FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER seal_no_update BEFORE UPDATE ON seal FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER seal_no_truncate BEFORE TRUNCATE ON seal FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER setting_no_update BEFORE UPDATE ON setting FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER setting_no_delete BEFORE DELETE ON setting FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER setting_no_truncate BEFORE TRUNCATE ON setting FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER usage_no_update BEFORE UPDATE ON usage FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER usage_no_delete BEFORE DELETE ON usage FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER usage_no_truncate BEFORE TRUNCATE ON usage FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER wallet_no_update BEFORE UPDATE ON wallet FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER wallet_no_delete BEFORE DELETE ON wallet FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER wallet_no_truncate BEFORE TRUNCATE ON wallet FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
