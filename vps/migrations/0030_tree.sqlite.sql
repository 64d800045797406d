PRAGMA writable_schema = ON
;
UPDATE sqlite_schema SET sql = replace(sql, ' ON DELETE RESTRICT) STRICT', ' ON DELETE RESTRICT, CHECK (sponsor_id < id)) STRICT') WHERE type = 'table' AND name = 'person'
;
PRAGMA writable_schema = RESET
;
CREATE TABLE sponsor_move (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, sponsor_id INTEGER, since TEXT NOT NULL CHECK (length(since) = 10), reason TEXT NOT NULL CHECK (reason <> ''), made_at INTEGER NOT NULL, made_by INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (sponsor_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (sponsor_id <> person_id)) STRICT
;
CREATE INDEX person_sponsor ON person (sponsor_id, id) WHERE sponsor_id IS NOT NULL
;
CREATE INDEX sponsor_move_person ON sponsor_move (person_id, id)
;
CREATE INDEX sponsor_move_sponsor ON sponsor_move (sponsor_id, person_id) WHERE sponsor_id IS NOT NULL
;
CREATE INDEX sponsor_move_since ON sponsor_move (since)
;
CREATE TRIGGER person_no_update BEFORE UPDATE OF id, sponsor_id ON person BEGIN SELECT RAISE(ABORT, 'person is immutable'); END
;
CREATE TRIGGER person_no_delete BEFORE DELETE ON person BEGIN SELECT RAISE(ABORT, 'person is immutable'); END
;
CREATE TRIGGER sponsor_move_no_update BEFORE UPDATE ON sponsor_move BEGIN SELECT RAISE(ABORT, 'sponsor_move is immutable'); END
;
CREATE TRIGGER sponsor_move_no_delete BEFORE DELETE ON sponsor_move BEGIN SELECT RAISE(ABORT, 'sponsor_move is immutable'); END
;
CREATE TRIGGER sponsor_move_circle BEFORE INSERT ON sponsor_move WHEN EXISTS (WITH RECURSIVE up(day, person) AS (SELECT days.day, NEW.sponsor_id FROM (SELECT NEW.since AS day UNION SELECT since FROM sponsor_move WHERE since > NEW.since) AS days UNION SELECT up.day, (SELECT said.sponsor_id FROM (SELECT made.id, made.sponsor_id FROM sponsor_move made WHERE made.person_id = up.person AND made.since <= up.day UNION ALL SELECT 0, who.sponsor_id FROM person who WHERE who.id = up.person) AS said ORDER BY said.id DESC LIMIT 1) FROM up WHERE up.person IS NOT NULL) SELECT 1 FROM up WHERE up.person = NEW.person_id) BEGIN SELECT RAISE(ABORT, 'sponsor_move: going up leads in a circle'); END
