-- What people chose to see of a table, kept under a name.

CREATE TABLE saved_views (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    object_type text NOT NULL,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    name text NOT NULL,
    query text NOT NULL,
    shared boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    UNIQUE (source_id, object_type, user_id, name)
);
COMMENT ON COLUMN saved_views.query IS 'The query part of the address of the table.';
