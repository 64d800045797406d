CREATE TABLE payee_account (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('iban', 'rs', 'ru')), number TEXT NOT NULL, bic TEXT NOT NULL, country TEXT NOT NULL CHECK (length(country) = 2), holder TEXT NOT NULL CHECK (holder <> ''), made_at INTEGER NOT NULL, made_by INTEGER NOT NULL, usable_from INTEGER NOT NULL, ended_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (usable_from >= made_at)) STRICT
;
CREATE UNIQUE INDEX payee_account_person ON payee_account (person_id, number) WHERE ended_at IS NULL
;
CREATE INDEX payee_account_number ON payee_account (number) WHERE ended_at IS NULL
;
CREATE TABLE payout_rule (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, payee_id INTEGER NOT NULL, above INTEGER NOT NULL CHECK (above >= 0), currency TEXT NOT NULL CHECK (length(currency) = 3), weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7), made_at INTEGER NOT NULL, intent_id INTEGER NOT NULL, ended_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (payee_id) REFERENCES payee_account (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX payout_rule_intent_id ON payout_rule (intent_id)
;
CREATE UNIQUE INDEX payout_rule_person ON payout_rule (person_id, currency) WHERE ended_at IS NULL
;
CREATE INDEX payout_rule_weekday ON payout_rule (weekday, id) WHERE ended_at IS NULL
;
CREATE TABLE payout_file (id INTEGER NOT NULL PRIMARY KEY, bank_account_id INTEGER NOT NULL, format TEXT NOT NULL CHECK (format IN ('pain.001.001.09', 'pain.001.001.03', 'rs', '1c')), message_id TEXT NOT NULL, day TEXT NOT NULL, count INTEGER NOT NULL CHECK (count > 0), amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), content BLOB NOT NULL, digest BLOB NOT NULL CHECK (length(digest) = 32), batch_id INTEGER NOT NULL, made_at INTEGER NOT NULL, made_by INTEGER NOT NULL, voided_at INTEGER, voided_by INTEGER, void_reason TEXT NOT NULL, executed_at INTEGER, FOREIGN KEY (bank_account_id) REFERENCES bank_account (id) ON DELETE RESTRICT, FOREIGN KEY (batch_id) REFERENCES batch (id) ON DELETE RESTRICT, CHECK (voided_at IS NULL OR executed_at IS NULL), CHECK ((voided_at IS NULL) = (voided_by IS NULL)), CHECK ((voided_at IS NULL) = (void_reason = ''))) STRICT
;
CREATE UNIQUE INDEX payout_file_message_id ON payout_file (message_id)
;
CREATE UNIQUE INDEX payout_file_batch_id ON payout_file (batch_id)
;
CREATE INDEX payout_file_open ON payout_file (bank_account_id, amount) WHERE voided_at IS NULL AND executed_at IS NULL
;
CREATE TABLE payout (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER, payee_id INTEGER, holder TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('iban', 'rs', 'ru')), number TEXT NOT NULL, bic TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), fee INTEGER NOT NULL CHECK (fee >= 0), currency TEXT NOT NULL CHECK (length(currency) = 3), text TEXT NOT NULL, asked_at INTEGER NOT NULL, day TEXT NOT NULL, intent_id INTEGER, rule_id INTEGER, booking INTEGER, fee_booking INTEGER, held_at INTEGER, held_by INTEGER, held_reason TEXT NOT NULL, approved_at INTEGER, approved_by INTEGER, file_id INTEGER, executed_at INTEGER, returned_at INTEGER, return_reason TEXT NOT NULL, refused_at INTEGER, refused_by INTEGER, refuse_reason TEXT NOT NULL, withdrawn_at INTEGER, ended_booking INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (payee_id) REFERENCES payee_account (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, FOREIGN KEY (rule_id) REFERENCES payout_rule (id) ON DELETE RESTRICT, FOREIGN KEY (booking) REFERENCES booking (id) ON DELETE RESTRICT, FOREIGN KEY (fee_booking) REFERENCES booking (id) ON DELETE RESTRICT, FOREIGN KEY (file_id) REFERENCES payout_file (id) ON DELETE RESTRICT, FOREIGN KEY (ended_booking) REFERENCES booking (id) ON DELETE RESTRICT, CHECK ((person_id IS NULL) = (payee_id IS NULL)), CHECK (CASE WHEN person_id IS NULL THEN intent_id IS NULL AND rule_id IS NULL ELSE (intent_id IS NULL) <> (rule_id IS NULL) END), CHECK (held_at IS NULL OR file_id IS NULL), CHECK ((held_at IS NULL) = (held_reason = '')), CHECK ((file_id IS NULL AND executed_at IS NULL) OR approved_at IS NOT NULL), CHECK ((refused_at IS NULL) = (refuse_reason = '')), CHECK ((refused_at IS NULL AND withdrawn_at IS NULL) OR (file_id IS NULL AND executed_at IS NULL)), CHECK (refused_at IS NULL OR withdrawn_at IS NULL), CHECK (returned_at IS NULL OR executed_at IS NOT NULL OR file_id IS NOT NULL), CHECK ((ended_booking IS NULL) = (returned_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL))) STRICT
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
CREATE TRIGGER payee_account_no_update BEFORE UPDATE OF id, person_id, kind, number, bic, country, holder, made_at, made_by, usable_from ON payee_account BEGIN SELECT RAISE(ABORT, 'payee_account is immutable'); END
;
CREATE TRIGGER payee_account_no_delete BEFORE DELETE ON payee_account BEGIN SELECT RAISE(ABORT, 'payee_account is immutable'); END
;
CREATE TRIGGER payout_rule_no_update BEFORE UPDATE OF id, person_id, payee_id, above, currency, weekday, made_at, intent_id ON payout_rule BEGIN SELECT RAISE(ABORT, 'payout_rule is immutable'); END
;
CREATE TRIGGER payout_rule_no_delete BEFORE DELETE ON payout_rule BEGIN SELECT RAISE(ABORT, 'payout_rule is immutable'); END
;
CREATE TRIGGER payout_file_no_update BEFORE UPDATE OF id, bank_account_id, format, message_id, day, count, amount, currency, content, digest, batch_id, made_at, made_by ON payout_file BEGIN SELECT RAISE(ABORT, 'payout_file is immutable'); END
;
CREATE TRIGGER payout_file_no_delete BEFORE DELETE ON payout_file BEGIN SELECT RAISE(ABORT, 'payout_file is immutable'); END
;
CREATE TRIGGER payout_no_update BEFORE UPDATE OF id, person_id, payee_id, holder, kind, number, bic, amount, fee, currency, asked_at, day, intent_id, rule_id ON payout BEGIN SELECT RAISE(ABORT, 'payout is immutable'); END
;
CREATE TRIGGER payout_no_delete BEFORE DELETE ON payout BEGIN SELECT RAISE(ABORT, 'payout is immutable'); END
