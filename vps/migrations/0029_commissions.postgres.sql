CREATE TABLE bulk (id BIGSERIAL NOT NULL PRIMARY KEY, voucher_id BIGINT NOT NULL, kind TEXT NOT NULL CHECK (kind = 'bulk'), after BIGINT NOT NULL, opened_at BIGINT NOT NULL, closed_at BIGINT, FOREIGN KEY (voucher_id) REFERENCES voucher (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX bulk_voucher_id ON bulk (voucher_id)
;
CREATE UNIQUE INDEX bulk_opened_at ON bulk (opened_at)
;
CREATE UNIQUE INDEX bulk_open ON bulk (kind) WHERE closed_at IS NULL
;
ALTER TABLE hold ADD COLUMN bulk_id BIGINT
;
ALTER TABLE hold ADD FOREIGN KEY (bulk_id) REFERENCES bulk (id) ON DELETE RESTRICT
;
ALTER TABLE orders ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0
;
ALTER TABLE orders ADD CHECK (refunded BETWEEN 0 AND total)
;
DROP TRIGGER hold_no_update ON hold
;
CREATE TRIGGER hold_no_update BEFORE UPDATE OF id, account_id, amount, reason, key, held_at, until, bulk_id ON hold FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TABLE commission_plan (id BIGSERIAL NOT NULL PRIMARY KEY, version INTEGER NOT NULL CHECK (version > 0), document TEXT NOT NULL, digest TEXT NOT NULL CHECK (length(digest) = 64), note TEXT NOT NULL, made_at BIGINT NOT NULL, made_by BIGINT)
;
CREATE UNIQUE INDEX commission_plan_version ON commission_plan (version)
;
CREATE TABLE commission_run (id BIGSERIAL NOT NULL PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('period', 'green', 'manual')), lane TEXT NOT NULL, "since" TEXT, "until" TEXT, cutoff BIGINT NOT NULL, plan_id BIGINT, currency TEXT NOT NULL CHECK (length(currency) = 3), facts TEXT NOT NULL, orders_digest TEXT NOT NULL, lines_digest TEXT NOT NULL, orders INTEGER NOT NULL, lines INTEGER NOT NULL, partners INTEGER NOT NULL, total BIGINT NOT NULL, drafted_at BIGINT NOT NULL, drafted_by BIGINT, calculated_at BIGINT, approved_at BIGINT, approved_by BIGINT, booking_at BIGINT, booked_at BIGINT, discarded_at BIGINT, discarded_by BIGINT, reason TEXT NOT NULL, attempt INTEGER NOT NULL CHECK (attempt > 0), claim TEXT NOT NULL, touched_at BIGINT, stopped_at BIGINT, done INTEGER NOT NULL, upto BIGINT NOT NULL, turned BIGINT NOT NULL, told BIGINT NOT NULL, told_at BIGINT, trouble TEXT NOT NULL, FOREIGN KEY (plan_id) REFERENCES commission_plan (id) ON DELETE RESTRICT, CHECK (until IS NULL OR until > since), CHECK (approved_at IS NULL OR calculated_at IS NOT NULL), CHECK (booking_at IS NULL OR approved_at IS NOT NULL), CHECK (booked_at IS NULL OR booking_at IS NOT NULL), CHECK (discarded_at IS NULL OR booking_at IS NULL))
;
CREATE UNIQUE INDEX commission_run_live ON commission_run (lane) WHERE booked_at IS NULL AND discarded_at IS NULL
;
CREATE INDEX commission_run_waiting ON commission_run (id) WHERE told_at IS NULL AND discarded_at IS NULL
;
CREATE TABLE commission_carried (run_id BIGINT NOT NULL, bonus TEXT NOT NULL, payee BIGINT NOT NULL, leg INTEGER NOT NULL CHECK (leg >= 0), volume BIGINT NOT NULL CHECK (volume > 0), PRIMARY KEY (run_id, bonus, payee, leg), FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (payee) REFERENCES person (id))
;
CREATE INDEX hold_until ON hold ("until", account_id) WHERE released_at IS NULL AND until IS NOT NULL
;
CREATE TABLE commission_line (run_id BIGINT NOT NULL, payee BIGINT NOT NULL, order_id BIGINT NOT NULL, "n" INTEGER NOT NULL, bonus INTEGER NOT NULL, level INTEGER NOT NULL, via BIGINT NOT NULL, base BIGINT NOT NULL, rate BIGINT NOT NULL, amount BIGINT NOT NULL CHECK (amount > 0), PRIMARY KEY (run_id, payee, order_id, "n"))
;
CREATE TABLE commission_mark (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('stop', 'hold')), "since" BIGINT NOT NULL, "by" BIGINT, reason TEXT NOT NULL, ended_at BIGINT, ended_by BIGINT, ended_why TEXT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT)
;
CREATE UNIQUE INDEX commission_mark_open ON commission_mark (person_id, kind) WHERE ended_at IS NULL
;
CREATE TABLE commission_place (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, parent BIGINT, leg INTEGER NOT NULL CHECK (leg >= 0), width INTEGER NOT NULL CHECK (width >= 2), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (parent IS NULL OR parent < person_id), FOREIGN KEY (parent) REFERENCES person (id))
;
CREATE UNIQUE INDEX commission_place_width_person_id ON commission_place (width, person_id)
;
CREATE UNIQUE INDEX commission_place_parent_width_leg ON commission_place (parent, width, leg)
;
CREATE TABLE commission_plan_force (id BIGSERIAL NOT NULL PRIMARY KEY, plan_id BIGINT NOT NULL, "since" TEXT NOT NULL CHECK (length(since) = 10), alone BOOLEAN NOT NULL, proposed_at BIGINT NOT NULL, proposed_by BIGINT, agreed_at BIGINT, agreed_by BIGINT, withdrawn_at BIGINT, withdrawn_by BIGINT, FOREIGN KEY (plan_id) REFERENCES commission_plan (id) ON DELETE RESTRICT, CHECK (agreed_at IS NULL OR withdrawn_at IS NULL), CHECK (agreed_at IS NULL OR alone OR proposed_by IS NULL OR agreed_by <> proposed_by))
;
CREATE INDEX commission_plan_in_force ON commission_plan_force ("since", id) WHERE agreed_at IS NOT NULL
;
CREATE TABLE point_rate (id BIGSERIAL NOT NULL PRIMARY KEY, currency TEXT NOT NULL CHECK (length(currency) = 3), nano BIGINT NOT NULL CHECK (nano > 0), valid_from TEXT NOT NULL CHECK (length(valid_from) = 10), valid_to TEXT, set_at BIGINT NOT NULL, set_by BIGINT, CHECK (valid_to IS NULL OR valid_to >= valid_from))
;
CREATE INDEX point_rate_currency_id ON point_rate (currency, id)
;
CREATE TABLE commission_run_order (run_id BIGINT NOT NULL, order_id BIGINT NOT NULL, seller BIGINT NOT NULL, amount BIGINT NOT NULL CHECK (amount >= 0), points BIGINT NOT NULL CHECK (points >= 0), total BIGINT NOT NULL, refunded BIGINT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), final_at BIGINT NOT NULL, PRIMARY KEY (run_id, order_id), FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (order_id) REFERENCES orders (id))
;
CREATE INDEX commission_run_order_order_id_run_id ON commission_run_order (order_id, run_id)
;
CREATE TABLE commission_share (run_id BIGINT NOT NULL, payee BIGINT NOT NULL, kind TEXT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), amount BIGINT NOT NULL CHECK (amount > 0), lines INTEGER NOT NULL, free TEXT NOT NULL, held TEXT NOT NULL CHECK (held IN ('', 'closed')), PRIMARY KEY (run_id, payee, kind, currency), FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (payee) REFERENCES person (id))
;
CREATE INDEX commission_share_payee ON commission_share (payee, run_id)
;
CREATE TRIGGER bulk_no_update BEFORE UPDATE OF id, voucher_id, kind, after, opened_at ON bulk FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bulk_no_delete BEFORE DELETE ON bulk FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER bulk_no_truncate BEFORE TRUNCATE ON bulk FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_plan_no_update BEFORE UPDATE ON commission_plan FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_plan_no_delete BEFORE DELETE ON commission_plan FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_plan_no_truncate BEFORE TRUNCATE ON commission_plan FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_run_no_update BEFORE UPDATE OF id, kind, lane, since, until, cutoff, currency, drafted_at, drafted_by ON commission_run FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_run_no_delete BEFORE DELETE ON commission_run FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_run_no_truncate BEFORE TRUNCATE ON commission_run FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_mark_no_update BEFORE UPDATE OF id, person_id, kind, since, by, reason ON commission_mark FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_mark_no_delete BEFORE DELETE ON commission_mark FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_mark_no_truncate BEFORE TRUNCATE ON commission_mark FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_place_no_update BEFORE UPDATE ON commission_place FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_place_no_delete BEFORE DELETE ON commission_place FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_place_no_truncate BEFORE TRUNCATE ON commission_place FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_plan_force_no_update BEFORE UPDATE OF id, plan_id, since, alone, proposed_at, proposed_by ON commission_plan_force FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_plan_force_no_delete BEFORE DELETE ON commission_plan_force FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_plan_force_no_truncate BEFORE TRUNCATE ON commission_plan_force FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER point_rate_no_update BEFORE UPDATE ON point_rate FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER point_rate_no_delete BEFORE DELETE ON point_rate FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER point_rate_no_truncate BEFORE TRUNCATE ON point_rate FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
