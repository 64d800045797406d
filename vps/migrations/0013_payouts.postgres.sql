CREATE TABLE payee_account (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('iban', 'rs', 'ru')), number TEXT NOT NULL, bic TEXT NOT NULL, country TEXT NOT NULL CHECK (length(country) = 2), holder TEXT NOT NULL CHECK (holder <> ''), made_at BIGINT NOT NULL, made_by BIGINT NOT NULL, usable_from BIGINT NOT NULL, ended_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (usable_from >= made_at))
;
CREATE UNIQUE INDEX payee_account_person ON payee_account (person_id, number) WHERE ended_at IS NULL
;
CREATE INDEX payee_account_number ON payee_account (number) WHERE ended_at IS NULL
;
CREATE TABLE payout_rule (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, payee_id BIGINT NOT NULL, above BIGINT NOT NULL CHECK (above >= 0), currency TEXT NOT NULL CHECK (length(currency) = 3), weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7), made_at BIGINT NOT NULL, intent_id BIGINT NOT NULL, ended_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (payee_id) REFERENCES payee_account (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX payout_rule_intent_id ON payout_rule (intent_id)
;
CREATE UNIQUE INDEX payout_rule_person ON payout_rule (person_id, currency) WHERE ended_at IS NULL
;
CREATE INDEX payout_rule_weekday ON payout_rule (weekday, id) WHERE ended_at IS NULL
;
CREATE TABLE payout_file (id BIGSERIAL NOT NULL PRIMARY KEY, bank_account_id BIGINT NOT NULL, format TEXT NOT NULL CHECK (format IN ('pain.001.001.09', 'pain.001.001.03', 'rs', '1c')), message_id TEXT NOT NULL, day TEXT NOT NULL, count INTEGER NOT NULL CHECK (count > 0), amount BIGINT NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), content BYTEA NOT NULL, digest BYTEA NOT NULL CHECK (length(digest) = 32), batch_id BIGINT NOT NULL, made_at BIGINT NOT NULL, made_by BIGINT NOT NULL, voided_at BIGINT, voided_by BIGINT, void_reason TEXT NOT NULL, executed_at BIGINT, FOREIGN KEY (bank_account_id) REFERENCES bank_account (id) ON DELETE RESTRICT, FOREIGN KEY (batch_id) REFERENCES batch (id) ON DELETE RESTRICT, CHECK (voided_at IS NULL OR executed_at IS NULL), CHECK ((voided_at IS NULL) = (voided_by IS NULL)), CHECK ((voided_at IS NULL) = (void_reason = '')))
;
CREATE UNIQUE INDEX payout_file_message_id ON payout_file (message_id)
;
CREATE UNIQUE INDEX payout_file_batch_id ON payout_file (batch_id)
;
CREATE INDEX payout_file_open ON payout_file (bank_account_id, amount) WHERE voided_at IS NULL AND executed_at IS NULL
;
CREATE TABLE payout (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT, payee_id BIGINT, holder TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('iban', 'rs', 'ru')), number TEXT NOT NULL, bic TEXT NOT NULL, amount BIGINT NOT NULL CHECK (amount > 0), fee BIGINT NOT NULL CHECK (fee >= 0), currency TEXT NOT NULL CHECK (length(currency) = 3), text TEXT NOT NULL, asked_at BIGINT NOT NULL, day TEXT NOT NULL, intent_id BIGINT, rule_id BIGINT, booking BIGINT, fee_booking BIGINT, held_at BIGINT, held_by BIGINT, held_reason TEXT NOT NULL, approved_at BIGINT, approved_by BIGINT, file_id BIGINT, executed_at BIGINT, returned_at BIGINT, return_reason TEXT NOT NULL, refused_at BIGINT, refused_by BIGINT, refuse_reason TEXT NOT NULL, withdrawn_at BIGINT, ended_booking BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (payee_id) REFERENCES payee_account (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, FOREIGN KEY (rule_id) REFERENCES payout_rule (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id) ON DELETE RESTRICT, FOREIGN KEY (fee_booking) REFERENCES booking (id) ON DELETE RESTRICT, FOREIGN KEY (file_id) REFERENCES payout_file (id) ON DELETE RESTRICT, FOREIGN KEY (ended_booking) REFERENCES booking (id) ON DELETE RESTRICT, CHECK ((person_id IS NULL) = (payee_id IS NULL)), CHECK (CASE WHEN person_id IS NULL THEN intent_id IS NULL AND rule_id IS NULL ELSE (intent_id IS NULL) <> (rule_id IS NULL) END), CHECK (held_at IS NULL OR file_id IS NULL), CHECK ((held_at IS NULL) = (held_reason = '')), CHECK ((file_id IS NULL AND executed_at IS NULL) OR approved_at IS NOT NULL), CHECK ((refused_at IS NULL) = (refuse_reason = '')), CHECK ((refused_at IS NULL AND withdrawn_at IS NULL) OR (file_id IS NULL AND executed_at IS NULL)), CHECK (refused_at IS NULL OR withdrawn_at IS NULL), CHECK (returned_at IS NULL OR executed_at IS NOT NULL OR file_id IS NOT NULL), CHECK ((ended_booking IS NULL) = (returned_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL)))
;
CREATE UNIQUE INDEX payout_intent_id ON payout (intent_id)
;
CREATE UNIQUE INDEX payout_booking ON payout (booking)
;
CREATE INDEX payout_person ON payout (person_id, id) WHERE person_id IS NOT NULL
;
CREATE UNIQUE INDEX payout_rule_day ON payout (rule_id, day) WHERE rule_id IS NOT NULL
;
CREATE INDEX payout_to_send ON payout (day, id) WHERE file_id IS NULL AND executed_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL
;
CREATE INDEX payout_in_file ON payout (file_id, id) WHERE file_id IS NOT NULL
;
CREATE INDEX payout_in_transit ON payout (currency, amount) WHERE executed_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL
;
CREATE TRIGGER payee_account_no_update BEFORE UPDATE OF id, person_id, kind, number, bic, country, holder, made_at, made_by, usable_from ON payee_account FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payee_account_no_delete BEFORE DELETE ON payee_account FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payee_account_no_truncate BEFORE TRUNCATE ON payee_account FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payout_rule_no_update BEFORE UPDATE OF id, person_id, payee_id, above, currency, weekday, made_at, intent_id ON payout_rule FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payout_rule_no_delete BEFORE DELETE ON payout_rule FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payout_rule_no_truncate BEFORE TRUNCATE ON payout_rule FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payout_file_no_update BEFORE UPDATE OF id, bank_account_id, format, message_id, day, count, amount, currency, content, digest, batch_id, made_at, made_by ON payout_file FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payout_file_no_delete BEFORE DELETE ON payout_file FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payout_file_no_truncate BEFORE TRUNCATE ON payout_file FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payout_no_update BEFORE UPDATE OF id, person_id, payee_id, holder, kind, number, bic, amount, fee, currency, asked_at, day, intent_id, rule_id ON payout FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payout_no_delete BEFORE DELETE ON payout FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payout_no_truncate BEFORE TRUNCATE ON payout FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
