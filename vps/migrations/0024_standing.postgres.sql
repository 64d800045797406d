CREATE TABLE asked_back (id BIGSERIAL NOT NULL PRIMARY KEY, transfer_id BIGINT NOT NULL, asked_at BIGINT NOT NULL, text TEXT NOT NULL, agreed_at BIGINT, intent_id BIGINT, back_id BIGINT, declined_at BIGINT, looked_at BIGINT, looked_by BIGINT, outcome TEXT CHECK (outcome IN ('explained', 'settled', 'reversed')), note TEXT NOT NULL, FOREIGN KEY (transfer_id) REFERENCES transfer (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, FOREIGN KEY (back_id) REFERENCES transfer (id) ON DELETE RESTRICT, CHECK ((agreed_at IS NULL) = (back_id IS NULL)), CHECK ((agreed_at IS NULL) = (intent_id IS NULL)), CHECK ((looked_at IS NULL) = (outcome IS NULL)), CHECK (agreed_at IS NULL OR looked_at IS NULL))
;
CREATE UNIQUE INDEX asked_back_transfer_id ON asked_back (transfer_id)
;
CREATE UNIQUE INDEX asked_back_intent_id ON asked_back (intent_id)
;
CREATE UNIQUE INDEX asked_back_back_id ON asked_back (back_id)
;
CREATE INDEX asked_back_open ON asked_back (asked_at, id) WHERE agreed_at IS NULL AND looked_at IS NULL
;
CREATE TABLE standing_transfer (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, from_wallet_id BIGINT NOT NULL, recipient_id BIGINT NOT NULL, to_wallet_id BIGINT, amount BIGINT NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), message TEXT NOT NULL, every TEXT NOT NULL CHECK (every IN ('once', 'day', 'week', 'month')), day_of_month INTEGER CHECK (day_of_month BETWEEN 1 AND 31), weekday INTEGER CHECK (weekday BETWEEN 1 AND 7), first_on TEXT NOT NULL CHECK (length(first_on) = 10), last_on TEXT, next_on TEXT, intent_id BIGINT NOT NULL, made_at BIGINT NOT NULL, ended_at BIGINT, ended_by BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (from_wallet_id) REFERENCES wallet (id) ON DELETE RESTRICT, FOREIGN KEY (recipient_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (to_wallet_id) REFERENCES wallet (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT, CHECK ((every = 'month') = (day_of_month IS NOT NULL)), CHECK ((every = 'week') = (weekday IS NOT NULL)), CHECK (last_on IS NULL OR last_on >= first_on), CHECK ((to_wallet_id IS NOT NULL) = (recipient_id = person_id)))
;
CREATE UNIQUE INDEX standing_transfer_intent_id ON standing_transfer (intent_id)
;
CREATE INDEX standing_due ON standing_transfer (next_on, id) WHERE ended_at IS NULL AND next_on IS NOT NULL
;
CREATE INDEX standing_person ON standing_transfer (person_id, id)
;
CREATE TABLE standing_run (id BIGSERIAL NOT NULL PRIMARY KEY, standing_id BIGINT NOT NULL, day TEXT NOT NULL, transfer_id BIGINT, refusal TEXT, at BIGINT NOT NULL, FOREIGN KEY (standing_id) REFERENCES standing_transfer (id) ON DELETE RESTRICT, FOREIGN KEY (transfer_id) REFERENCES transfer (id) ON DELETE RESTRICT, CHECK ((transfer_id IS NULL) = (refusal IS NOT NULL)))
;
CREATE UNIQUE INDEX standing_run_transfer_id ON standing_run (transfer_id)
;
CREATE UNIQUE INDEX standing_run_day ON standing_run (standing_id, day)
;
CREATE TRIGGER asked_back_no_update BEFORE UPDATE OF id, transfer_id, asked_at, text ON asked_back FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER asked_back_no_delete BEFORE DELETE ON asked_back FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER asked_back_no_truncate BEFORE TRUNCATE ON asked_back FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER standing_transfer_no_update BEFORE UPDATE OF id, person_id, from_wallet_id, recipient_id, to_wallet_id, amount, currency, message, every, day_of_month, weekday, first_on, last_on, intent_id, made_at ON standing_transfer FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER standing_transfer_no_delete BEFORE DELETE ON standing_transfer FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER standing_transfer_no_truncate BEFORE TRUNCATE ON standing_transfer FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER standing_run_no_update BEFORE UPDATE ON standing_run FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER standing_run_no_delete BEFORE DELETE ON standing_run FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER standing_run_no_truncate BEFORE TRUNCATE ON standing_run FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
