CREATE TABLE person_right_new (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, granted TEXT NOT NULL CHECK (granted IN ('read', 'book', 'manage')), granted_at INTEGER NOT NULL, granted_by INTEGER, withdrawn_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
INSERT INTO person_right_new SELECT id, person_id, granted, granted_at, granted_by, withdrawn_at FROM person_right
;
DROP TABLE person_right
;
ALTER TABLE person_right_new RENAME TO person_right
;
CREATE UNIQUE INDEX person_right_in_force ON person_right (person_id, granted) WHERE withdrawn_at IS NULL
;
CREATE TRIGGER person_right_no_update BEFORE UPDATE OF id, person_id, granted, granted_at, granted_by ON person_right BEGIN SELECT RAISE(ABORT, 'person_right is immutable'); END
;
CREATE TRIGGER person_right_no_delete BEFORE DELETE ON person_right BEGIN SELECT RAISE(ABORT, 'person_right is immutable'); END
;
INSERT INTO event (actor, subject, verb, before, after, address, at) SELECT NULL, 'person:' || b.person_id, 'rights changed', CASE WHEN r.id IS NULL THEN 'book' ELSE 'book, read' END, CASE WHEN r.id IS NULL THEN 'book, manage' ELSE 'book, manage, read' END, '', CAST(strftime('%s', 'now') AS INTEGER) * 1000000 FROM person_right b LEFT JOIN person_right r ON r.person_id = b.person_id AND r.granted = 'read' AND r.withdrawn_at IS NULL WHERE b.granted = 'book' AND b.withdrawn_at IS NULL ORDER BY b.id
;
INSERT INTO person_right (person_id, granted, granted_at, granted_by) SELECT person_id, 'manage', CAST(strftime('%s', 'now') AS INTEGER) * 1000000, NULL FROM person_right WHERE granted = 'book' AND withdrawn_at IS NULL ORDER BY id
;
ALTER TABLE person ADD COLUMN notify_from INTEGER CHECK (notify_from > 0)
;
CREATE INDEX event_actor ON event (actor, id)
;
CREATE INDEX event_verb ON event (verb, id) WHERE verb <> 'order paid'
