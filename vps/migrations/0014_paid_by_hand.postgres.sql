CREATE TABLE payout_by_hand (id BIGSERIAL NOT NULL PRIMARY KEY, payout_id BIGINT NOT NULL, number TEXT NOT NULL CHECK (number <> ''), day TEXT NOT NULL, made_at BIGINT NOT NULL, made_by BIGINT NOT NULL, ended_at BIGINT, FOREIGN KEY (payout_id) REFERENCES payout (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX payout_by_hand_live ON payout_by_hand (payout_id) WHERE ended_at IS NULL
;
CREATE TRIGGER payout_by_hand_no_update BEFORE UPDATE OF id, payout_id, number, day, made_at, made_by ON payout_by_hand FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payout_by_hand_no_delete BEFORE DELETE ON payout_by_hand FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER payout_by_hand_no_truncate BEFORE TRUNCATE ON payout_by_hand FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
