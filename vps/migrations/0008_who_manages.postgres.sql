ALTER TABLE person_right DROP CONSTRAINT person_right_granted_check
;
ALTER TABLE person_right ADD CONSTRAINT person_right_granted_check CHECK (granted IN ('read', 'book', 'manage'))
;
INSERT INTO event (actor, subject, verb, before, after, address, at) SELECT NULL, 'person:' || b.person_id, 'rights changed', CASE WHEN r.id IS NULL THEN 'book' ELSE 'book, read' END, CASE WHEN r.id IS NULL THEN 'book, manage' ELSE 'book, manage, read' END, '', CAST(extract(epoch FROM now()) * 1000000 AS bigint) FROM person_right b LEFT JOIN person_right r ON r.person_id = b.person_id AND r.granted = 'read' AND r.withdrawn_at IS NULL WHERE b.granted = 'book' AND b.withdrawn_at IS NULL ORDER BY b.id
;
INSERT INTO person_right (person_id, granted, granted_at, granted_by) SELECT person_id, 'manage', CAST(extract(epoch FROM now()) * 1000000 AS bigint), NULL FROM person_right WHERE granted = 'book' AND withdrawn_at IS NULL ORDER BY id
;
ALTER TABLE person ADD COLUMN notify_from BIGINT CHECK (notify_from > 0)
;
CREATE INDEX event_actor ON event (actor, id)
;
CREATE INDEX event_verb ON event (verb, id) WHERE verb <> 'order paid'
