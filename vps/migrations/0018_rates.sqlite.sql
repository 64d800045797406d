CREATE TABLE rate (id INTEGER NOT NULL PRIMARY KEY, base TEXT NOT NULL CHECK (length(base) = 3), quote TEXT NOT NULL CHECK (length(quote) = 3), nano INTEGER NOT NULL CHECK (nano BETWEEN 1 AND 1000000000000000000), valid_from TEXT NOT NULL CHECK (length(valid_from) = 10), valid_to TEXT, source TEXT NOT NULL CHECK (source IN ('hand', 'csv', 'ecb')), set_at INTEGER NOT NULL, set_by INTEGER, CHECK (base <> quote), CHECK (valid_to IS NULL OR valid_to >= valid_from)) STRICT
;
CREATE INDEX rate_base_quote_id ON rate (base, quote, id)
;
CREATE TRIGGER rate_no_update BEFORE UPDATE ON rate BEGIN SELECT RAISE(ABORT, 'rate is immutable'); END
;
CREATE TRIGGER rate_no_delete BEFORE DELETE ON rate BEGIN SELECT RAISE(ABORT, 'rate is immutable'); END
