ALTER TABLE commission_place DISABLE TRIGGER commission_place_no_delete
;
DELETE FROM commission_place WHERE parent IS NULL
;
ALTER TABLE commission_place ENABLE TRIGGER commission_place_no_delete
;
ALTER TABLE commission_place DROP CONSTRAINT commission_place_check
;
ALTER TABLE commission_place ALTER COLUMN parent SET NOT NULL
;
ALTER TABLE commission_place ADD CHECK (parent <> person_id)
