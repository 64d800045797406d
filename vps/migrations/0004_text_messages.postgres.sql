ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT 'mail' CHECK (channel IN ('mail', 'sms'))
;
ALTER TABLE outbox ALTER COLUMN channel DROP DEFAULT
;
ALTER TABLE outbox ADD COLUMN person BIGINT
;
ALTER TABLE outbox ADD COLUMN expires_at BIGINT
;
ALTER TABLE outbox ADD COLUMN given_up_at BIGINT
;
ALTER TABLE outbox ADD COLUMN lease_until BIGINT
;
ALTER TABLE outbox ADD COLUMN failed_at BIGINT
;
ALTER TABLE outbox ADD COLUMN in_row INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE outbox ALTER COLUMN in_row DROP DEFAULT
;
ALTER TABLE outbox ADD CHECK (sent_at IS NULL OR given_up_at IS NULL)
;
DROP INDEX outbox_due
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
DROP TRIGGER outbox_no_update ON outbox
;
CREATE TRIGGER outbox_no_update BEFORE UPDATE OF id, key, kind, address, language, made_at, channel, person, expires_at ON outbox FOR EACH ROW EXECUTE FUNCTION vps_immutable()
