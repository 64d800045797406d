CREATE TABLE trust_proposal (id BIGSERIAL NOT NULL PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('set', 'level', 'exception')), person_id BIGINT, body TEXT NOT NULL, reason TEXT NOT NULL CHECK (length(reason) > 0), base BIGINT NOT NULL, asked_at BIGINT NOT NULL, asked_by BIGINT NOT NULL, approved_at BIGINT, approved_by BIGINT, ended_at BIGINT, ended_by BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ((kind = 'set') = (person_id IS NULL)), CHECK (approved_by <> asked_by), CHECK ((approved_at IS NULL) = (approved_by IS NULL)), CHECK ((ended_at IS NULL) = (ended_by IS NULL)), CHECK (approved_at IS NULL OR ended_at IS NULL))
;
CREATE INDEX trust_proposal_waiting ON trust_proposal (person_id, id) WHERE approved_at IS NULL AND ended_at IS NULL
;
CREATE TRIGGER trust_proposal_no_update BEFORE UPDATE OF id, kind, person_id, body, reason, base, asked_at, asked_by ON trust_proposal FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER trust_proposal_no_delete BEFORE DELETE ON trust_proposal FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER trust_proposal_no_truncate BEFORE TRUNCATE ON trust_proposal FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
