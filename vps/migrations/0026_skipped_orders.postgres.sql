ALTER TABLE payout_rule ADD COLUMN skipped_on TEXT
