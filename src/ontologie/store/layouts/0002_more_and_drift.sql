-- Properties without a column of their own; who has seen which drift. Run with the source's schema as search path.

ALTER TABLE _drift ADD COLUMN acknowledged_at timestamptz, ADD COLUMN acknowledged_by text;
UPDATE _drift SET acknowledged_at = at WHERE acknowledged;
ALTER TABLE _drift DROP COLUMN acknowledged;

DO $$
DECLARE
    found text;
BEGIN
    FOR found IN SELECT DISTINCT object_type FROM properties WHERE to_regclass(quote_ident(object_type)) IS NOT NULL LOOP
        EXECUTE format('ALTER TABLE %I ADD COLUMN IF NOT EXISTS _more jsonb', found);
    END LOOP;
END $$;
