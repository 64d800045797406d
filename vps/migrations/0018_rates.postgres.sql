CREATE TABLE rate (id BIGSERIAL NOT NULL PRIMARY KEY, base TEXT NOT NULL CHECK (length(base) = 3), quote TEXT NOT NULL CHECK (length(quote) = 3), nano BIGINT NOT NULL CHECK (nano BETWEEN 1 AND 1000000000000000000), valid_from TEXT NOT NULL CHECK (length(valid_from) = 10), valid_to TEXT, source TEXT NOT NULL CHECK (source IN ('hand', 'csv', 'ecb')), set_at BIGINT NOT NULL, set_by BIGINT, CHECK (base <> quote), CHECK (valid_to IS NULL OR valid_to >= valid_from))
;
CREATE INDEX rate_base_quote_id ON rate (base, quote, id)
;
CREATE TRIGGER rate_no_update BEFORE UPDATE ON rate FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER rate_no_delete BEFORE DELETE ON rate FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER rate_no_truncate BEFORE TRUNCATE ON rate FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
