ALTER TABLE way ADD COLUMN blocks INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE way ALTER COLUMN blocks DROP DEFAULT
;
ALTER TABLE way ADD COLUMN opens_at BIGINT
;
UPDATE way SET blocks = 1 WHERE blocked_at IS NOT NULL
;
ALTER TABLE way ADD CHECK (opens_at IS NULL OR blocked_at IS NOT NULL AND opens_at > blocked_at)
;
ALTER TABLE way ADD CHECK (blocked_at IS NULL OR blocks > 0)
