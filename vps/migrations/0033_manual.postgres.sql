CREATE INDEX commission_run_manual_lane ON commission_run (lane, id) WHERE kind = 'manual'
;
CREATE INDEX commission_run_manual ON commission_run (id) WHERE kind = 'manual'
;
CREATE TABLE manual_provision (run_id BIGINT NOT NULL, n INTEGER NOT NULL CHECK (n > 0), person_id BIGINT NOT NULL, kind TEXT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), amount BIGINT NOT NULL CHECK (amount > 0), text TEXT NOT NULL CHECK (length(text) > 0), PRIMARY KEY (run_id, n), FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE INDEX manual_provision_person ON manual_provision (person_id, run_id, n)
;
CREATE TABLE manual_provision_back (id BIGSERIAL NOT NULL PRIMARY KEY, run_id BIGINT NOT NULL, person_id BIGINT NOT NULL, kind TEXT NOT NULL, booking BIGINT NOT NULL, amount BIGINT NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), reason TEXT NOT NULL CHECK (length(reason) > 0), as_debt BOOLEAN NOT NULL, asked_by BIGINT NOT NULL, asked_at BIGINT NOT NULL, approved_by BIGINT, approved_at BIGINT, refused_by BIGINT, refused_at BIGINT, refused_why TEXT NOT NULL, reversal BIGINT, FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (approved_by <> asked_by), CHECK ((approved_by IS NULL) = (approved_at IS NULL)), CHECK ((refused_by IS NULL) = (refused_at IS NULL)), CHECK (approved_at IS NULL OR reversal IS NOT NULL), CHECK (refused_at IS NULL OR reversal IS NULL), FOREIGN KEY (booking) REFERENCES booking (id), FOREIGN KEY (reversal) REFERENCES booking (id))
;
CREATE UNIQUE INDEX manual_provision_back_live ON manual_provision_back (booking) WHERE refused_at IS NULL
;
CREATE INDEX manual_provision_back_open ON manual_provision_back (id) WHERE reversal IS NULL AND refused_at IS NULL
;
CREATE TRIGGER manual_provision_no_update BEFORE UPDATE ON manual_provision FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER manual_provision_no_delete BEFORE DELETE ON manual_provision FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER manual_provision_no_truncate BEFORE TRUNCATE ON manual_provision FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER manual_provision_back_no_update BEFORE UPDATE OF id, run_id, person_id, kind, booking, amount, currency, reason, as_debt, asked_by, asked_at ON manual_provision_back FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER manual_provision_back_no_delete BEFORE DELETE ON manual_provision_back FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER manual_provision_back_no_truncate BEFORE TRUNCATE ON manual_provision_back FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
