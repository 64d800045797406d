DROP INDEX orders_paid
;
DROP INDEX orders_paid_of_partner
;
DROP INDEX orders_blue_of_partner
;
CREATE INDEX orders_paid ON orders (final_at, id) WHERE cancelled_at IS NULL AND paid_at IS NOT NULL AND provisioned_at IS NULL AND refunded < total
;
CREATE INDEX orders_paid_of_partner ON orders (partner_id, final_at, id) WHERE cancelled_at IS NULL AND paid_at IS NOT NULL
;
;
ALTER TABLE commission_run_order ADD COLUMN payees TEXT
