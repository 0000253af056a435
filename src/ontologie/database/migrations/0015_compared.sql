-- What a run held against the account beyond the changes that it tells of, and what was not the same.

ALTER TABLE run_objects
    ADD COLUMN links bigint NOT NULL DEFAULT 0,
    ADD COLUMN compared jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN run_objects.links IS 'Associations added or removed.';
