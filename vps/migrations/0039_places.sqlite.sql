DROP TRIGGER commission_place_no_update
;
DROP TRIGGER commission_place_no_delete
;
DROP INDEX commission_place_width_person_id
;
DROP INDEX commission_place_parent_width_leg
;
ALTER TABLE commission_place RENAME TO commission_place_before
;
CREATE TABLE commission_place (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, parent INTEGER NOT NULL, leg INTEGER NOT NULL CHECK (leg >= 0), width INTEGER NOT NULL CHECK (width >= 2), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (parent <> person_id), FOREIGN KEY (parent) REFERENCES person (id)) STRICT
;
INSERT INTO commission_place (id, person_id, parent, leg, width) SELECT id, person_id, parent, leg, width FROM commission_place_before WHERE parent IS NOT NULL
;
DROP TABLE commission_place_before
;
CREATE UNIQUE INDEX commission_place_width_person_id ON commission_place (width, person_id)
;
CREATE UNIQUE INDEX commission_place_parent_width_leg ON commission_place (parent, width, leg)
;
CREATE TRIGGER commission_place_no_update BEFORE UPDATE ON commission_place BEGIN SELECT RAISE(ABORT, 'commission_place is immutable'); END
;
CREATE TRIGGER commission_place_no_delete BEFORE DELETE ON commission_place BEGIN SELECT RAISE(ABORT, 'commission_place is immutable'); END
