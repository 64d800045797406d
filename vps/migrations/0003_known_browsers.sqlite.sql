CREATE TABLE browser_new (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, token BLOB NOT NULL, first_at INTEGER NOT NULL, previous BLOB, spent BLOB, name TEXT NOT NULL, family TEXT NOT NULL, seen_at INTEGER NOT NULL, ended_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
INSERT INTO browser_new SELECT id, person_id, token, first_at, NULL, NULL, '', '', first_at, NULL FROM browser
;
DROP TABLE browser
;
ALTER TABLE browser_new RENAME TO browser
;
CREATE UNIQUE INDEX browser_token ON browser (token)
;
CREATE INDEX browser_person ON browser (person_id)
;
CREATE TABLE session_new (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, token BLOB NOT NULL, csrf TEXT NOT NULL, started_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, confirmed_at INTEGER, ended_at INTEGER, address TEXT NOT NULL, browser TEXT NOT NULL, browser_id INTEGER, device BLOB, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (browser_id) REFERENCES browser (id) ON DELETE RESTRICT) STRICT
;
INSERT INTO session_new SELECT id, person_id, token, csrf, started_at, seen_at, confirmed_at, ended_at, address, browser, NULL, NULL FROM session
;
DROP TABLE session
;
ALTER TABLE session_new RENAME TO session
;
CREATE UNIQUE INDEX session_token ON session (token)
;
CREATE INDEX session_open ON session (person_id) WHERE ended_at IS NULL
;
CREATE INDEX session_known ON session (browser_id)
