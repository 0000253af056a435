-- What a full check compared, and records that could not be stored.

ALTER TABLE run_objects
    ADD COLUMN set_aside bigint NOT NULL DEFAULT 0,
    ADD COLUMN checked_ours bigint,
    ADD COLUMN checked_theirs bigint;

ALTER TABLE object_states
    ADD COLUMN checked_at timestamptz,
    ADD COLUMN checked_ours bigint,
    ADD COLUMN checked_theirs bigint;

ALTER TABLE sources ADD COLUMN sensitive boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN sources.sensitive IS 'Also read properties that HubSpot holds as sensitive.';

-- Schemas whose source was removed and whose records were kept: only the same account may go on with them.
CREATE TABLE kept_schemas (schema_name text PRIMARY KEY, portal_id bigint NOT NULL);
