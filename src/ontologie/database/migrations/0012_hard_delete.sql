-- What becomes of the rows of records that the account has deleted.

ALTER TABLE sources ADD COLUMN hard_delete boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN sources.hard_delete IS 'Remove the rows of deleted, merged and erased records instead of marking them.';
