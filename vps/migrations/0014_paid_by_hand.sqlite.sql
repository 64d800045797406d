CREATE TABLE payout_by_hand (id INTEGER NOT NULL PRIMARY KEY, payout_id INTEGER NOT NULL, number TEXT NOT NULL CHECK (number <> ''), day TEXT NOT NULL, made_at INTEGER NOT NULL, made_by INTEGER NOT NULL, ended_at INTEGER, FOREIGN KEY (payout_id) REFERENCES payout (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX payout_by_hand_live ON payout_by_hand (payout_id) WHERE ended_at IS NULL
;
CREATE TRIGGER payout_by_hand_no_update BEFORE UPDATE OF id, payout_id, number, day, made_at, made_by ON payout_by_hand BEGIN SELECT RAISE(ABORT, 'payout_by_hand is immutable'); END
;
CREATE TRIGGER payout_by_hand_no_delete BEFORE DELETE ON payout_by_hand BEGIN SELECT RAISE(ABORT, 'payout_by_hand is immutable'); END
