CREATE TABLE commission_look (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL, upto INTEGER NOT NULL) STRICT
;
CREATE UNIQUE INDEX commission_look_name ON commission_look (name)
;
CREATE INDEX commission_mark_live ON commission_mark (id) WHERE ended_at IS NULL
;
CREATE INDEX commission_mark_person ON commission_mark (person_id, id)
;
CREATE INDEX orders_delivered ON orders (delivered_at, id) WHERE delivered_at IS NOT NULL
;
CREATE TRIGGER commission_look_no_update BEFORE UPDATE OF id, name ON commission_look BEGIN SELECT RAISE(ABORT, 'commission_look is immutable'); END
;
CREATE TRIGGER commission_look_no_delete BEFORE DELETE ON commission_look BEGIN SELECT RAISE(ABORT, 'commission_look is immutable'); END
;
ALTER TABLE commission_run_order ADD COLUMN free_on TEXT
