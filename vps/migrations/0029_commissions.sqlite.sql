CREATE TABLE bulk (id INTEGER NOT NULL PRIMARY KEY, voucher_id INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind = 'bulk'), after INTEGER NOT NULL, opened_at INTEGER NOT NULL, closed_at INTEGER, FOREIGN KEY (voucher_id) REFERENCES voucher (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX bulk_voucher_id ON bulk (voucher_id)
;
CREATE UNIQUE INDEX bulk_opened_at ON bulk (opened_at)
;
CREATE UNIQUE INDEX bulk_open ON bulk (kind) WHERE closed_at IS NULL
;
ALTER TABLE hold ADD COLUMN bulk_id INTEGER
;
ALTER TABLE orders ADD COLUMN refunded INTEGER NOT NULL DEFAULT 0
;
PRAGMA writable_schema = ON
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE hold (id INTEGER NOT NULL PRIMARY KEY, account_id INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), reason TEXT NOT NULL, key TEXT NOT NULL, held_at INTEGER NOT NULL, "until" INTEGER, released_at INTEGER, bulk_id INTEGER, FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT, FOREIGN KEY (bulk_id) REFERENCES bulk (id) ON DELETE RESTRICT) STRICT' WHERE type = 'table' AND name = 'hold'
;
UPDATE sqlite_schema SET sql = 'CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, key TEXT NOT NULL, partner_id INTEGER NOT NULL, customer_id INTEGER NOT NULL, total INTEGER NOT NULL CHECK (total > 0), currency TEXT NOT NULL CHECK (length(currency) = 3), points INTEGER NOT NULL, made_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, paid_at INTEGER, final_at INTEGER, provisioned_at INTEGER, cancelled_at INTEGER, shipped_at INTEGER, delivered_at INTEGER, street TEXT NOT NULL, postcode TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL, refunded INTEGER NOT NULL DEFAULT 0, FOREIGN KEY (partner_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE RESTRICT, CHECK ((paid_at IS NULL) = (final_at IS NULL)), CHECK (provisioned_at IS NULL OR final_at IS NOT NULL), CHECK (cancelled_at IS NULL OR paid_at IS NULL), CHECK (refunded BETWEEN 0 AND total)) STRICT' WHERE type = 'table' AND name = 'orders'
;
PRAGMA writable_schema = RESET
;
DROP TRIGGER hold_no_update
;
CREATE TRIGGER hold_no_update BEFORE UPDATE OF id, account_id, amount, reason, key, held_at, until, bulk_id ON hold BEGIN SELECT RAISE(ABORT, 'hold is immutable'); END
;
CREATE TABLE commission_plan (id INTEGER NOT NULL PRIMARY KEY, version INTEGER NOT NULL CHECK (version > 0), document TEXT NOT NULL, digest TEXT NOT NULL CHECK (length(digest) = 64), note TEXT NOT NULL, made_at INTEGER NOT NULL, made_by INTEGER) STRICT
;
CREATE UNIQUE INDEX commission_plan_version ON commission_plan (version)
;
CREATE TABLE commission_run (id INTEGER NOT NULL PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('period', 'green', 'manual')), lane TEXT NOT NULL, "since" TEXT, "until" TEXT, cutoff INTEGER NOT NULL, plan_id INTEGER, currency TEXT NOT NULL CHECK (length(currency) = 3), facts TEXT NOT NULL, orders_digest TEXT NOT NULL, lines_digest TEXT NOT NULL, orders INTEGER NOT NULL, lines INTEGER NOT NULL, partners INTEGER NOT NULL, total INTEGER NOT NULL, drafted_at INTEGER NOT NULL, drafted_by INTEGER, calculated_at INTEGER, approved_at INTEGER, approved_by INTEGER, booking_at INTEGER, booked_at INTEGER, discarded_at INTEGER, discarded_by INTEGER, reason TEXT NOT NULL, attempt INTEGER NOT NULL CHECK (attempt > 0), claim TEXT NOT NULL, touched_at INTEGER, stopped_at INTEGER, done INTEGER NOT NULL, upto INTEGER NOT NULL, turned INTEGER NOT NULL, told INTEGER NOT NULL, told_at INTEGER, trouble TEXT NOT NULL, FOREIGN KEY (plan_id) REFERENCES commission_plan (id) ON DELETE RESTRICT, CHECK (until IS NULL OR until > since), CHECK (approved_at IS NULL OR calculated_at IS NOT NULL), CHECK (booking_at IS NULL OR approved_at IS NOT NULL), CHECK (booked_at IS NULL OR booking_at IS NOT NULL), CHECK (discarded_at IS NULL OR booking_at IS NULL)) STRICT
;
CREATE UNIQUE INDEX commission_run_live ON commission_run (lane) WHERE booked_at IS NULL AND discarded_at IS NULL
;
CREATE INDEX commission_run_waiting ON commission_run (id) WHERE told_at IS NULL AND discarded_at IS NULL
;
CREATE TABLE commission_carried (run_id INTEGER NOT NULL, bonus TEXT NOT NULL, payee INTEGER NOT NULL, leg INTEGER NOT NULL CHECK (leg >= 0), volume INTEGER NOT NULL CHECK (volume > 0), PRIMARY KEY (run_id, bonus, payee, leg), FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (payee) REFERENCES person (id)) STRICT, WITHOUT ROWID
;
CREATE INDEX hold_until ON hold ("until", account_id) WHERE released_at IS NULL AND until IS NOT NULL
;
CREATE TABLE commission_line (run_id INTEGER NOT NULL, payee INTEGER NOT NULL, order_id INTEGER NOT NULL, "n" INTEGER NOT NULL, bonus INTEGER NOT NULL, level INTEGER NOT NULL, via INTEGER NOT NULL, base INTEGER NOT NULL, rate INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), PRIMARY KEY (run_id, payee, order_id, "n")) STRICT, WITHOUT ROWID
;
CREATE TABLE commission_mark (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('stop', 'hold')), "since" INTEGER NOT NULL, "by" INTEGER, reason TEXT NOT NULL, ended_at INTEGER, ended_by INTEGER, ended_why TEXT NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX commission_mark_open ON commission_mark (person_id, kind) WHERE ended_at IS NULL
;
CREATE TABLE commission_place (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, parent INTEGER, leg INTEGER NOT NULL CHECK (leg >= 0), width INTEGER NOT NULL CHECK (width >= 2), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (parent IS NULL OR parent < person_id), FOREIGN KEY (parent) REFERENCES person (id)) STRICT
;
CREATE UNIQUE INDEX commission_place_width_person_id ON commission_place (width, person_id)
;
CREATE UNIQUE INDEX commission_place_parent_width_leg ON commission_place (parent, width, leg)
;
CREATE TABLE commission_plan_force (id INTEGER NOT NULL PRIMARY KEY, plan_id INTEGER NOT NULL, "since" TEXT NOT NULL CHECK (length(since) = 10), alone INTEGER NOT NULL, proposed_at INTEGER NOT NULL, proposed_by INTEGER, agreed_at INTEGER, agreed_by INTEGER, withdrawn_at INTEGER, withdrawn_by INTEGER, FOREIGN KEY (plan_id) REFERENCES commission_plan (id) ON DELETE RESTRICT, CHECK (agreed_at IS NULL OR withdrawn_at IS NULL), CHECK (agreed_at IS NULL OR alone OR proposed_by IS NULL OR agreed_by <> proposed_by)) STRICT
;
CREATE INDEX commission_plan_in_force ON commission_plan_force ("since", id) WHERE agreed_at IS NOT NULL
;
CREATE TABLE point_rate (id INTEGER NOT NULL PRIMARY KEY, currency TEXT NOT NULL CHECK (length(currency) = 3), nano INTEGER NOT NULL CHECK (nano > 0), valid_from TEXT NOT NULL CHECK (length(valid_from) = 10), valid_to TEXT, set_at INTEGER NOT NULL, set_by INTEGER, CHECK (valid_to IS NULL OR valid_to >= valid_from)) STRICT
;
CREATE INDEX point_rate_currency_id ON point_rate (currency, id)
;
CREATE TABLE commission_run_order (run_id INTEGER NOT NULL, order_id INTEGER NOT NULL, seller INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount >= 0), points INTEGER NOT NULL CHECK (points >= 0), total INTEGER NOT NULL, refunded INTEGER NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), final_at INTEGER NOT NULL, PRIMARY KEY (run_id, order_id), FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (order_id) REFERENCES orders (id)) STRICT, WITHOUT ROWID
;
CREATE INDEX commission_run_order_order_id_run_id ON commission_run_order (order_id, run_id)
;
CREATE TABLE commission_share (run_id INTEGER NOT NULL, payee INTEGER NOT NULL, kind TEXT NOT NULL, currency TEXT NOT NULL CHECK (length(currency) = 3), amount INTEGER NOT NULL CHECK (amount > 0), lines INTEGER NOT NULL, free TEXT NOT NULL, held TEXT NOT NULL CHECK (held IN ('', 'closed')), PRIMARY KEY (run_id, payee, kind, currency), FOREIGN KEY (run_id) REFERENCES commission_run (id) ON DELETE RESTRICT, FOREIGN KEY (payee) REFERENCES person (id)) STRICT, WITHOUT ROWID
;
CREATE INDEX commission_share_payee ON commission_share (payee, run_id)
;
CREATE TRIGGER bulk_no_update BEFORE UPDATE OF id, voucher_id, kind, after, opened_at ON bulk BEGIN SELECT RAISE(ABORT, 'bulk is immutable'); END
;
CREATE TRIGGER bulk_no_delete BEFORE DELETE ON bulk BEGIN SELECT RAISE(ABORT, 'bulk is immutable'); END
;
CREATE TRIGGER commission_plan_no_update BEFORE UPDATE ON commission_plan BEGIN SELECT RAISE(ABORT, 'commission_plan is immutable'); END
;
CREATE TRIGGER commission_plan_no_delete BEFORE DELETE ON commission_plan BEGIN SELECT RAISE(ABORT, 'commission_plan is immutable'); END
;
CREATE TRIGGER commission_run_no_update BEFORE UPDATE OF id, kind, lane, since, until, cutoff, currency, drafted_at, drafted_by ON commission_run BEGIN SELECT RAISE(ABORT, 'commission_run is immutable'); END
;
CREATE TRIGGER commission_run_no_delete BEFORE DELETE ON commission_run BEGIN SELECT RAISE(ABORT, 'commission_run is immutable'); END
;
CREATE TRIGGER commission_mark_no_update BEFORE UPDATE OF id, person_id, kind, since, by, reason ON commission_mark BEGIN SELECT RAISE(ABORT, 'commission_mark is immutable'); END
;
CREATE TRIGGER commission_mark_no_delete BEFORE DELETE ON commission_mark BEGIN SELECT RAISE(ABORT, 'commission_mark is immutable'); END
;
CREATE TRIGGER commission_place_no_update BEFORE UPDATE ON commission_place BEGIN SELECT RAISE(ABORT, 'commission_place is immutable'); END
;
CREATE TRIGGER commission_place_no_delete BEFORE DELETE ON commission_place BEGIN SELECT RAISE(ABORT, 'commission_place is immutable'); END
;
CREATE TRIGGER commission_plan_force_no_update BEFORE UPDATE OF id, plan_id, since, alone, proposed_at, proposed_by ON commission_plan_force BEGIN SELECT RAISE(ABORT, 'commission_plan_force is immutable'); END
;
CREATE TRIGGER commission_plan_force_no_delete BEFORE DELETE ON commission_plan_force BEGIN SELECT RAISE(ABORT, 'commission_plan_force is immutable'); END
;
CREATE TRIGGER point_rate_no_update BEFORE UPDATE ON point_rate BEGIN SELECT RAISE(ABORT, 'point_rate is immutable'); END
;
CREATE TRIGGER point_rate_no_delete BEFORE DELETE ON point_rate BEGIN SELECT RAISE(ABORT, 'point_rate is immutable'); END
