CREATE INDEX voucher_receipt_day ON voucher (day) WHERE kind = 'receipt'
;
CREATE TABLE statement_end (id INTEGER NOT NULL PRIMARY KEY, statement_id INTEGER NOT NULL, batch_id INTEGER NOT NULL, shown TEXT NOT NULL, FOREIGN KEY (statement_id) REFERENCES bank_statement (id) ON DELETE RESTRICT, FOREIGN KEY (batch_id) REFERENCES batch (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX statement_end_statement_id ON statement_end (statement_id)
;
CREATE TRIGGER statement_end_no_update BEFORE UPDATE ON statement_end BEGIN SELECT RAISE(ABORT, 'statement_end is immutable'); END
;
CREATE TRIGGER statement_end_no_delete BEFORE DELETE ON statement_end BEGIN SELECT RAISE(ABORT, 'statement_end is immutable'); END
