CREATE TABLE way_new (person_id INTEGER NOT NULL, way TEXT NOT NULL CHECK (way IN ('sheet', 'app')), wrong_in_row INTEGER NOT NULL, wrong_ever INTEGER NOT NULL, blocks INTEGER NOT NULL, blocked_at INTEGER, opens_at INTEGER, PRIMARY KEY (person_id, way), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (opens_at IS NULL OR blocked_at IS NOT NULL AND opens_at > blocked_at), CHECK (blocked_at IS NULL OR blocks > 0)) STRICT
;
INSERT INTO way_new SELECT person_id, way, wrong_in_row, wrong_ever, CASE WHEN blocked_at IS NULL THEN 0 ELSE 1 END, blocked_at, NULL FROM way
;
DROP TABLE way
;
ALTER TABLE way_new RENAME TO way
