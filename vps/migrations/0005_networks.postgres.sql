CREATE TABLE network (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, cidr TEXT NOT NULL, made_at BIGINT NOT NULL, made_by BIGINT, ended_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX network_in_force ON network (person_id, cidr) WHERE ended_at IS NULL
;
CREATE TRIGGER network_no_update BEFORE UPDATE OF id, person_id, cidr, made_at, made_by ON network FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER network_no_delete BEFORE DELETE ON network FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER network_no_truncate BEFORE TRUNCATE ON network FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
