ALTER TABLE payout_rule ADD COLUMN skipped_on TEXT
;
PRAGMA writable_schema = ON
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE payout_rule (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, payee_id INTEGER NOT NULL, above INTEGER NOT NULL CHECK (above >= 0), currency TEXT NOT NULL CHECK (length(currency) = 3), weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7), made_at INTEGER NOT NULL, intent_id INTEGER NOT NULL, ended_at INTEGER, skipped_on TEXT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (payee_id) REFERENCES payee_account (id) ON DELETE RESTRICT, FOREIGN KEY (intent_id) REFERENCES intent (id) ON DELETE RESTRICT) STRICT' WHERE type = 'table' AND name = 'payout_rule'
;
PRAGMA writable_schema = RESET
