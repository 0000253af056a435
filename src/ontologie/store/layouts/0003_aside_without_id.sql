-- What cannot be a row may have no id that could be read. Run with the source's schema as search path.

ALTER TABLE _aside DROP CONSTRAINT _aside_pkey, ALTER COLUMN id DROP NOT NULL;
CREATE UNIQUE INDEX aside_ids ON _aside (object_type, id);
CREATE UNIQUE INDEX aside_without_id ON _aside (object_type, md5(record::text)) WHERE id IS NULL;
