CREATE TABLE commission_trial (id BIGSERIAL NOT NULL PRIMARY KEY, plan_id BIGINT NOT NULL, against_id BIGINT, "since" TEXT NOT NULL, "until" TEXT NOT NULL, asked_at BIGINT NOT NULL, asked_by BIGINT, facts TEXT NOT NULL, done_at BIGINT, FOREIGN KEY (plan_id) REFERENCES commission_plan (id) ON DELETE RESTRICT, FOREIGN KEY (against_id) REFERENCES commission_plan (id) ON DELETE RESTRICT, CHECK (until > since), CHECK ((done_at IS NULL) = (facts = '')))
;
CREATE INDEX commission_trial_plan ON commission_trial (plan_id, id)
;
CREATE TABLE commission_trial_share (trial_id BIGINT NOT NULL, payee BIGINT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), amount BIGINT NOT NULL CHECK (amount >= 0), was BIGINT NOT NULL CHECK (was >= 0), PRIMARY KEY (trial_id, payee, currency), FOREIGN KEY (trial_id) REFERENCES commission_trial (id) ON DELETE RESTRICT)
;
CREATE TRIGGER commission_trial_no_update BEFORE UPDATE OF id, plan_id, against_id, since, until, asked_at, asked_by ON commission_trial FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_trial_no_delete BEFORE DELETE ON commission_trial FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_trial_no_truncate BEFORE TRUNCATE ON commission_trial FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
