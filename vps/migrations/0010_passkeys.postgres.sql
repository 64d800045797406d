CREATE TABLE passkey (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, credential BYTEA NOT NULL CHECK (length(credential) BETWEEN 16 AND 1023), public_key BYTEA NOT NULL CHECK (length(public_key) BETWEEN 1 AND 1024), sign_count BIGINT NOT NULL CHECK (sign_count >= 0), name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 160), made_at BIGINT NOT NULL, usable_from BIGINT NOT NULL, used_at BIGINT, ended_at BIGINT, mac BYTEA NOT NULL CHECK (length(mac) = 32), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX passkey_credential ON passkey (credential)
;
CREATE INDEX passkey_person ON passkey (person_id) WHERE ended_at IS NULL
;
CREATE TRIGGER passkey_no_update BEFORE UPDATE OF id, person_id, credential, public_key, name, made_at, usable_from, mac ON passkey FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER passkey_no_delete BEFORE DELETE ON passkey FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER passkey_no_truncate BEFORE TRUNCATE ON passkey FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
