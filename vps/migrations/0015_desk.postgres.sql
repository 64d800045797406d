CREATE INDEX voucher_receipt_day ON voucher (day) WHERE kind = 'receipt'
;
CREATE TABLE statement_end (id BIGSERIAL NOT NULL PRIMARY KEY, statement_id BIGINT NOT NULL, batch_id BIGINT NOT NULL, shown TEXT NOT NULL, FOREIGN KEY (statement_id) REFERENCES bank_statement (id) ON DELETE RESTRICT, FOREIGN KEY (batch_id) REFERENCES batch (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX statement_end_statement_id ON statement_end (statement_id)
;
CREATE TRIGGER statement_end_no_update BEFORE UPDATE ON statement_end FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER statement_end_no_delete BEFORE DELETE ON statement_end FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER statement_end_no_truncate BEFORE TRUNCATE ON statement_end FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
