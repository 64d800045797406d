CREATE TABLE network (id INTEGER NOT NULL PRIMARY KEY, person_id INTEGER NOT NULL, cidr TEXT NOT NULL, made_at INTEGER NOT NULL, made_by INTEGER, ended_at INTEGER, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT) STRICT
;
CREATE UNIQUE INDEX network_in_force ON network (person_id, cidr) WHERE ended_at IS NULL
;
CREATE TRIGGER network_no_update BEFORE UPDATE OF id, person_id, cidr, made_at, made_by ON network BEGIN SELECT RAISE(ABORT, 'network is immutable'); END
;
CREATE TRIGGER network_no_delete BEFORE DELETE ON network BEGIN SELECT RAISE(ABORT, 'network is immutable'); END
