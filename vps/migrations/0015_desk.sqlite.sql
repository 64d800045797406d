CREATE INDEX voucher_receipt_day ON voucher (day) WHERE kind = 'receipt'
