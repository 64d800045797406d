CREATE INDEX bank_line_party ON bank_line (party_account, id) WHERE party_account <> ''
;
CREATE TABLE dossier (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, from_day TEXT, to_day TEXT, reason TEXT NOT NULL CHECK (reason <> ''), upto BIGINT NOT NULL, made_at BIGINT NOT NULL, made_by BIGINT NOT NULL, flows TEXT NOT NULL, digest BYTEA CHECK (length(digest) = 32), size BIGINT, done_at BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ((done_at IS NULL) = (digest IS NULL)), CHECK ((done_at IS NULL) = (size IS NULL)))
;
CREATE INDEX dossier_person ON dossier (person_id, id)
;
CREATE TABLE dossier_part (id BIGSERIAL NOT NULL PRIMARY KEY, dossier_id BIGINT NOT NULL, n INTEGER NOT NULL CHECK (n >= 0), content BYTEA NOT NULL, FOREIGN KEY (dossier_id) REFERENCES dossier (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX dossier_part_dossier_id_n ON dossier_part (dossier_id, n)
;
CREATE TABLE legal_hold (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, file_number TEXT NOT NULL CHECK (file_number <> ''), reason TEXT NOT NULL CHECK (reason <> ''), from_at BIGINT NOT NULL, "by" BIGINT NOT NULL, ended_at BIGINT, ended_by BIGINT, ended_why TEXT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK ((ended_at IS NULL) = (ended_by IS NULL)), CHECK ((ended_at IS NULL) = (ended_why = '')))
;
CREATE INDEX legal_hold_person ON legal_hold (person_id) WHERE ended_at IS NULL
;
CREATE TRIGGER dossier_no_update BEFORE UPDATE OF id, person_id, from_day, to_day, reason, upto, made_at, made_by ON dossier FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER dossier_no_delete BEFORE DELETE ON dossier FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER dossier_no_truncate BEFORE TRUNCATE ON dossier FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER legal_hold_no_update BEFORE UPDATE OF id, person_id, file_number, reason, from_at, by ON legal_hold FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER legal_hold_no_delete BEFORE DELETE ON legal_hold FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER legal_hold_no_truncate BEFORE TRUNCATE ON legal_hold FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
