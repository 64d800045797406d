ALTER TABLE browser ADD COLUMN previous BYTEA, ADD COLUMN spent BYTEA, ADD COLUMN name TEXT NOT NULL DEFAULT '', ADD COLUMN family TEXT NOT NULL DEFAULT '', ADD COLUMN seen_at BIGINT, ADD COLUMN ended_at BIGINT
;
UPDATE browser SET seen_at = first_at
;
ALTER TABLE browser ALTER COLUMN name DROP DEFAULT, ALTER COLUMN family DROP DEFAULT, ALTER COLUMN seen_at SET NOT NULL
;
CREATE INDEX browser_person ON browser (person_id)
;
ALTER TABLE session ADD COLUMN browser_id BIGINT REFERENCES browser (id) ON DELETE RESTRICT, ADD COLUMN device BYTEA
;
CREATE INDEX session_known ON session (browser_id)
