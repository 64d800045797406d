ALTER TABLE app ADD COLUMN usable_from BIGINT
;
ALTER TABLE browser ADD COLUMN accepted_at BIGINT
;
ALTER TABLE intent ALTER COLUMN amount DROP NOT NULL
;
ALTER TABLE intent ALTER COLUMN currency DROP NOT NULL
;
ALTER TABLE intent ADD CHECK ((amount IS NULL) = (currency IS NULL))
;
ALTER TABLE challenge ADD COLUMN sends INTEGER CHECK (sends BETWEEN 1 AND 3)
;
ALTER TABLE challenge ADD COLUMN sent_at BIGINT
;
ALTER TABLE challenge DROP CONSTRAINT challenge_way_check
;
ALTER TABLE challenge ADD CHECK (way IN ('sheet', 'app', 'passkey', 'sms'))
;
ALTER TABLE challenge ADD CHECK ((sends IS NULL) = (sent_at IS NULL))
;
ALTER TABLE way DROP CONSTRAINT way_way_check
;
ALTER TABLE way ADD CHECK (way IN ('sheet', 'app', 'passkey', 'sms'))
;
CREATE TABLE permit (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, source TEXT NOT NULL CHECK (source IN ('office', 'way', 'recovery')), made_at BIGINT NOT NULL, made_by BIGINT, expires_at BIGINT NOT NULL, used_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE INDEX permit_open ON permit (person_id) WHERE used_at IS NULL
;
CREATE TABLE phone (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, number BYTEA NOT NULL, ending TEXT NOT NULL, made_at BIGINT NOT NULL, tries INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 3), sends INTEGER NOT NULL CHECK (sends BETWEEN 0 AND 3), sent_at BIGINT, verified_at BIGINT, usable_from BIGINT, ended_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ((verified_at IS NULL) = (usable_from IS NULL)))
;
CREATE INDEX phone_person ON phone (person_id) WHERE ended_at IS NULL
;
CREATE TABLE recovery (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, document TEXT NOT NULL, opened_at BIGINT NOT NULL, opened_by BIGINT NOT NULL, approved_at BIGINT, approved_by BIGINT, alone INTEGER NOT NULL CHECK (alone IN (0, 1)), "until" BIGINT, spent BIGINT NOT NULL, cancelled_at BIGINT, told_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (approved_at IS NULL OR cancelled_at IS NULL OR cancelled_at >= approved_at), CHECK (alone = 1 OR approved_by IS NULL OR approved_by <> opened_by), CHECK ((approved_at IS NULL) = (until IS NULL)))
;
CREATE UNIQUE INDEX recovery_open ON recovery (person_id) WHERE approved_at IS NULL AND cancelled_at IS NULL
;
CREATE INDEX recovery_in_force ON recovery (person_id, "until") WHERE approved_at IS NOT NULL AND cancelled_at IS NULL
;
CREATE TABLE recovery_sheet (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, stop_code BYTEA NOT NULL, made_at BIGINT NOT NULL, ended_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX recovery_sheet_in_force ON recovery_sheet (person_id) WHERE ended_at IS NULL
;
CREATE TABLE recovery_code (sheet_id BIGINT NOT NULL, "n" INTEGER NOT NULL, digest BYTEA NOT NULL, used_at BIGINT, PRIMARY KEY (sheet_id, "n"), FOREIGN KEY (sheet_id) REFERENCES recovery_sheet (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX recovery_code_digest ON recovery_code (digest)
;
CREATE TABLE security_level (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4), "since" BIGINT NOT NULL, chosen_at BIGINT NOT NULL, "by" BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE INDEX security_level_person ON security_level (person_id, id)
;
CREATE TRIGGER permit_no_update BEFORE UPDATE OF id, person_id, source, made_at, made_by, expires_at ON permit FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER permit_no_delete BEFORE DELETE ON permit FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER permit_no_truncate BEFORE TRUNCATE ON permit FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER phone_no_update BEFORE UPDATE OF id, person_id, ending, made_at ON phone FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER phone_no_delete BEFORE DELETE ON phone FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER phone_no_truncate BEFORE TRUNCATE ON phone FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER recovery_no_update BEFORE UPDATE OF id, person_id, document, opened_at, opened_by ON recovery FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER recovery_no_delete BEFORE DELETE ON recovery FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER recovery_no_truncate BEFORE TRUNCATE ON recovery FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER recovery_sheet_no_update BEFORE UPDATE OF id, person_id, stop_code, made_at ON recovery_sheet FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER recovery_sheet_no_delete BEFORE DELETE ON recovery_sheet FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER recovery_sheet_no_truncate BEFORE TRUNCATE ON recovery_sheet FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER security_level_no_update BEFORE UPDATE ON security_level FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER security_level_no_delete BEFORE DELETE ON security_level FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER security_level_no_truncate BEFORE TRUNCATE ON security_level FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
