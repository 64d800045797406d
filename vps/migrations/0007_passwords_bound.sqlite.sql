ALTER TABLE person ADD COLUMN password_mac BLOB
