ALTER TABLE person ADD CHECK (sponsor_id < id)
;
CREATE TABLE sponsor_move (id BIGSERIAL NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, sponsor_id BIGINT, since TEXT NOT NULL CHECK (length(since) = 10), reason TEXT NOT NULL CHECK (reason <> ''), made_at BIGINT NOT NULL, made_by BIGINT, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT, FOREIGN KEY (sponsor_id) REFERENCES person (id) ON DELETE RESTRICT, CHECK (sponsor_id <> person_id))
;
CREATE INDEX person_sponsor ON person (sponsor_id, id) WHERE sponsor_id IS NOT NULL
;
CREATE INDEX sponsor_move_person ON sponsor_move (person_id, id)
;
CREATE INDEX sponsor_move_sponsor ON sponsor_move (sponsor_id, person_id) WHERE sponsor_id IS NOT NULL
;
CREATE INDEX sponsor_move_since ON sponsor_move (since)
;
CREATE TRIGGER person_no_update BEFORE UPDATE OF id, sponsor_id ON person FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER person_no_delete BEFORE DELETE ON person FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER person_no_truncate BEFORE TRUNCATE ON person FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER sponsor_move_no_update BEFORE UPDATE ON sponsor_move FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER sponsor_move_no_delete BEFORE DELETE ON sponsor_move FOR EACH ROW EXECUTE FUNCTION vps_immutable()
;
CREATE TRIGGER sponsor_move_no_truncate BEFORE TRUNCATE ON sponsor_move FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()
;
CREATE OR REPLACE FUNCTION vps_sponsor_circle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(10030); IF EXISTS (WITH RECURSIVE up(day, person) AS (SELECT days.day, NEW.sponsor_id FROM (SELECT NEW.since AS day UNION SELECT since FROM sponsor_move WHERE since > NEW.since) AS days UNION SELECT up.day, (SELECT said.sponsor_id FROM (SELECT made.id, made.sponsor_id FROM sponsor_move made WHERE made.person_id = up.person AND made.since <= up.day UNION ALL SELECT 0, who.sponsor_id FROM person who WHERE who.id = up.person) AS said ORDER BY said.id DESC LIMIT 1) FROM up WHERE up.person IS NOT NULL) SELECT 1 FROM up WHERE up.person = NEW.person_id) THEN RAISE EXCEPTION USING MESSAGE = 'sponsor_move: going up leads in a circle', ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
;
CREATE TRIGGER sponsor_move_circle BEFORE INSERT ON sponsor_move FOR EACH ROW EXECUTE FUNCTION vps_sponsor_circle()
