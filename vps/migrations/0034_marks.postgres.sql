CREATE TABLE commission_look (id BIGSERIAL NOT NULL PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL, upto BIGINT NOT NULL)
;
CREATE UNIQUE INDEX commission_look_name ON commission_look (name)
;
CREATE INDEX commission_mark_live ON commission_mark (id) WHERE ended_at IS NULL
;
CREATE INDEX commission_mark_person ON commission_mark (person_id, id)
;
CREATE INDEX orders_delivered ON orders (delivered_at, id) WHERE delivered_at IS NOT NULL
;
CREATE TRIGGER commission_look_no_update BEFORE UPDATE OF id, name ON commission_look FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_look_no_delete BEFORE DELETE ON commission_look FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER commission_look_no_truncate BEFORE TRUNCATE ON commission_look FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
ALTER TABLE commission_run_order ADD COLUMN free_on TEXT
