CREATE TABLE asked_back (id INTEGER NOT NULL PRIMARY KEY, transfer_id INTEGER NOT NULL, asked_at INTEGER NOT NULL, text TEXT NOT NULL, agreed_at INTEGER, intent_id INTEGER, back_id INTEGER, declined_at INTEGER, looked_at INTEGER, looked_by INTEGER, outcome TEXT CHECK (outcome IN ('explained', 'settled', 'reversed')), note TEXT NOT NULL, FOREIGN KEY (transfer_id) REFERENCES transfer (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, FOREIGN KEY (back_id) REFERENCES transfer (id) ON DELETE RESTRICT, CHECK ((agreed_at IS NULL) = (back_id IS NULL)), CHECK ((agreed_at IS NULL) = (intent_id IS NULL)), CHECK ((looked_at IS NULL) = (outcome IS NULL)), CHECK (agreed_at IS NULL OR looked_at IS NULL)) STRICT
;
CREATE UNIQUE INDEX asked_back_transfer_id ON asked_back (transfer_id)
;
CREATE UNIQUE INDEX asked_back_intent_id ON asked_back (intent_id)
;
CREATE UNIQUE INDEX asked_back_back_id ON asked_back (back_id)
;
CREATE INDEX asked_back_open ON asked_back (asked_at, id) WHERE agreed_at IS NULL AND looked_at IS NULL
;
CREATE TABLE standing_transfer (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, from_wallet_id INTEGER NOT NULL, recipient_id INTEGER NOT NULL, to_wallet_id INTEGER, amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), message TEXT NOT NULL, every TEXT NOT NULL CHECK (every IN ('once', 'day', 'week', 'month')), day_of_month INTEGER CHECK (day_of_month BETWEEN 1 AND 31), weekday INTEGER CHECK (weekday BETWEEN 1 AND 7), first_on TEXT NOT NULL CHECK (length(first_on) = 10), last_on TEXT, next_on TEXT, intent_id INTEGER NOT NULL, made_at INTEGER NOT NULL, ended_at INTEGER, ended_by INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (from_wallet_id) REFERENCES wallet (id) ON DELETE RESTRICT, FOREIGN KEY (recipient_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (to_wallet_id) REFERENCES wallet (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, CHECK ((every = 'month') = (day_of_month IS NOT NULL)), CHECK ((every = 'week') = (weekday IS NOT NULL)), CHECK (last_on IS NULL OR last_on >= first_on), CHECK ((to_wallet_id IS NOT NULL) = (recipient_id = person_id))) STRICT
;
CREATE UNIQUE INDEX standing_transfer_intent_id ON standing_transfer (intent_id)
;
CREATE INDEX standing_due ON standing_transfer (next_on, id) WHERE ended_at IS NULL AND next_on IS NOT NULL
;
CREATE INDEX standing_person ON standing_transfer (person_id, id)
;
CREATE TABLE standing_run (id INTEGER NOT NULL PRIMARY KEY, standing_id INTEGER NOT NULL, day TEXT NOT NULL, transfer_id INTEGER, refusal TEXT, at INTEGER NOT NULL, FOREIGN KEY (standing_id) REFERENCES standing_transfer (id) ON DELETE RESTRICT, FOREIGN KEY (transfer_id) REFERENCES transfer (id) ON DELETE RESTRICT, CHECK ((transfer_id IS NULL) = (refusal IS NOT NULL))) STRICT
;
CREATE UNIQUE INDEX standing_run_transfer_id ON standing_run (transfer_id)
;
CREATE UNIQUE INDEX standing_run_day ON standing_run (standing_id, day)
;
CREATE TRIGGER asked_back_no_update BEFORE UPDATE OF id, transfer_id, asked_at, text ON asked_back BEGIN SELECT RAISE(ABORT, 'asked_back is immutable'); END
;
CREATE TRIGGER asked_back_no_delete BEFORE DELETE ON asked_back BEGIN SELECT RAISE(ABORT, 'asked_back is immutable'); END
;
CREATE TRIGGER standing_transfer_no_update BEFORE UPDATE OF id, person_id, from_wallet_id, recipient_id, to_wallet_id, amount, currency, message, every, day_of_month, weekday, first_on, last_on, intent_id, made_at ON standing_transfer BEGIN SELECT RAISE(ABORT, 'standing_transfer is immutable'); END
;
CREATE TRIGGER standing_transfer_no_delete BEFORE DELETE ON standing_transfer BEGIN SELECT RAISE(ABORT, 'standing_transfer is immutable'); END
;
CREATE TRIGGER standing_run_no_update BEFORE UPDATE ON standing_run BEGIN SELECT RAISE(ABORT, 'standing_run is immutable'); END
;
CREATE TRIGGER standing_run_no_delete BEFORE DELETE ON standing_run BEGIN SELECT RAISE(ABORT, 'standing_run is immutable'); END
