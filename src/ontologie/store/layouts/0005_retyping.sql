-- A retyped property's new definition while its column is filled beside the old one. Run with the source's schema as
-- search path.

ALTER TABLE properties ADD COLUMN IF NOT EXISTS retyping jsonb;
