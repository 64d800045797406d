CREATE TABLE outbox_new (id INTEGER NOT NULL PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, address TEXT NOT NULL, language TEXT NOT NULL, facts TEXT NOT NULL, made_at INTEGER NOT NULL, due_at INTEGER NOT NULL, sent_at INTEGER, tries INTEGER NOT NULL, error TEXT NOT NULL, channel TEXT NOT NULL CHECK (channel IN ('mail', 'sms')), person INTEGER, expires_at INTEGER, given_up_at INTEGER, lease_until INTEGER, failed_at INTEGER, in_row INTEGER NOT NULL, CHECK (sent_at IS NULL OR given_up_at IS NULL)) STRICT
;
INSERT INTO outbox_new SELECT id, key, kind, address, language, facts, made_at, due_at, sent_at, tries, error, 'mail', NULL, NULL, NULL, NULL, NULL, 0 FROM outbox
;
DROP TABLE outbox
;
ALTER TABLE outbox_new RENAME TO outbox
;
CREATE UNIQUE INDEX outbox_key ON outbox (key)
;
CREATE INDEX outbox_due ON outbox (channel, due_at, id) WHERE sent_at IS NULL AND given_up_at IS NULL
;
CREATE INDEX outbox_expires ON outbox (expires_at) WHERE sent_at IS NULL AND given_up_at IS NULL AND expires_at IS NOT NULL
;
CREATE INDEX outbox_sms_made ON outbox (made_at) WHERE channel = 'sms'
;
CREATE INDEX outbox_sms_address ON outbox (address, made_at) WHERE channel = 'sms'
;
CREATE INDEX outbox_sms_person ON outbox (person, made_at) WHERE channel = 'sms'
;
CREATE INDEX outbox_sms_failed ON outbox (failed_at, in_row) WHERE channel = 'sms' AND failed_at IS NOT NULL
;
CREATE INDEX outbox_sms_sent ON outbox (sent_at) WHERE channel = 'sms' AND sent_at IS NOT NULL
;
CREATE TRIGGER outbox_no_update BEFORE UPDATE OF id, key, kind, address, language, made_at, channel, person, expires_at ON outbox BEGIN SELECT RAISE(ABORT, 'outbox is immutable'); END
;
CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'outbox is immutable'); END
