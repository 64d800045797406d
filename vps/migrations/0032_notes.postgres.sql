CREATE TABLE commission_note (id BIGSERIAL NOT NULL PRIMARY KEY, run_id BIGINT NOT NULL, payee_id BIGINT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), corrects_id BIGINT, series TEXT NOT NULL, year INTEGER NOT NULL, "n" INTEGER NOT NULL CHECK (n > 0), number TEXT NOT NULL, issued_on TEXT NOT NULL CHECK (length(issued_on) = 10), issued_at BIGINT NOT NULL, language TEXT NOT NULL CHECK (language IN ('en', 'de', 'ru', 'hr', 'sr', 'sr_Latn')), credited BIGINT NOT NULL CHECK (credited > 0), tax BIGINT NOT NULL CHECK (tax >= 0), total BIGINT NOT NULL, facts TEXT NOT NULL, digest TEXT NOT NULL CHECK (length(digest) = 64), FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (payee_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (corrects_id) REFERENCES commission_note (id) ON DELETE RESTRICT, CHECK (total >= credited AND total >= tax))
;
CREATE UNIQUE INDEX commission_note_number ON commission_note (number)
;
CREATE UNIQUE INDEX commission_note_series ON commission_note (series, year, "n")
;
CREATE UNIQUE INDEX commission_note_first ON commission_note (run_id, payee_id, currency) WHERE corrects_id IS NULL
;
CREATE INDEX commission_note_payee ON commission_note (payee_id, id)
;
CREATE INDEX commission_note_corrects ON commission_note (corrects_id) WHERE corrects_id IS NOT NULL
;
CREATE TABLE commission_back (id BIGSERIAL NOT NULL PRIMARY KEY, run_id BIGINT NOT NULL, payee_id BIGINT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), amount BIGINT NOT NULL CHECK (amount > 0), key TEXT NOT NULL, at BIGINT NOT NULL, note_id BIGINT, FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (payee_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (note_id) REFERENCES commission_note (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX commission_back_key ON commission_back (key)
;
CREATE INDEX commission_back_run ON commission_back (run_id, payee_id, currency)
;
CREATE INDEX commission_back_open ON commission_back (id) WHERE note_id IS NULL
;
CREATE TABLE commission_note_counter (series TEXT NOT NULL, year INTEGER NOT NULL, last INTEGER NOT NULL CHECK (last >= 0), PRIMARY KEY (series, year))
;
CREATE TABLE tax_profile (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, country TEXT NOT NULL CHECK (length(country) = 2), kind TEXT NOT NULL CHECK (kind IN ('none', 'small', 'vat')), number TEXT NOT NULL, vat_id TEXT NOT NULL, address TEXT NOT NULL, set_at BIGINT NOT NULL, set_by BIGINT, reason TEXT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (kind <> 'vat' OR number <> '' OR vat_id <> ''))
;
CREATE INDEX tax_profile_person ON tax_profile (person_id, id)
;
CREATE TABLE tax_rule (id BIGSERIAL NOT NULL PRIMARY KEY, country TEXT NOT NULL CHECK (length(country) = 2), what TEXT NOT NULL CHECK (what IN ('vat', 'withholding')), kind TEXT NOT NULL CHECK (kind IN ('none', 'small', 'vat')), name TEXT NOT NULL, rate INTEGER NOT NULL CHECK (rate BETWEEN 0 AND 10000), "since" TEXT NOT NULL CHECK (length(since) = 10), set_at BIGINT NOT NULL, set_by BIGINT, CHECK ((what = 'vat') = (kind = 'vat') OR what = 'withholding'))
;
CREATE TRIGGER commission_note_no_update BEFORE UPDATE ON commission_note FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_note_no_delete BEFORE DELETE ON commission_note FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_note_no_truncate BEFORE TRUNCATE ON commission_note FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_back_no_update BEFORE UPDATE OF id, run_id, payee_id, currency, amount, key, at ON commission_back FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_back_no_delete BEFORE DELETE ON commission_back FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_back_no_truncate BEFORE TRUNCATE ON commission_back FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER tax_profile_no_update BEFORE UPDATE ON tax_profile FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER tax_profile_no_delete BEFORE DELETE ON tax_profile FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER tax_profile_no_truncate BEFORE TRUNCATE ON tax_profile FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER tax_rule_no_update BEFORE UPDATE ON tax_rule FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER tax_rule_no_delete BEFORE DELETE ON tax_rule FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER tax_rule_no_truncate BEFORE TRUNCATE ON tax_rule FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
