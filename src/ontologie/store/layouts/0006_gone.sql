-- Engagements that stay erased with a person and are gone from the account too: they count there no more.
ALTER TABLE _suppressed ADD COLUMN gone boolean NOT NULL DEFAULT false;
-- Candidates that are deleted here, and that the list of deleted records does not name any more: erased, or restored.
ALTER TABLE _absent ADD COLUMN archived boolean NOT NULL DEFAULT false;
