-- The tables of a source's schema that do not depend on its properties. Run with the schema as search path.

CREATE TABLE _lease (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    owner text,
    epoch bigint NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO _lease DEFAULT VALUES;

CREATE TABLE _segments (
    object_type text NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    position jsonb NOT NULL,
    window_from timestamptz NOT NULL,
    window_to timestamptz,
    done boolean NOT NULL,
    PRIMARY KEY (object_type, key)
);

CREATE TABLE _rhythms (name text PRIMARY KEY, at timestamptz NOT NULL);

CREATE TABLE _absent (object_type text NOT NULL, id bigint NOT NULL, PRIMARY KEY (object_type, id));

-- Records that PostgreSQL cannot hold as a row (too wide), with the reason.
CREATE TABLE _aside (
    object_type text NOT NULL,
    id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    reason text NOT NULL,
    record jsonb NOT NULL,
    PRIMARY KEY (object_type, id)
);

CREATE TABLE properties (
    object_type text NOT NULL,
    name text NOT NULL,
    label text NOT NULL,
    type text NOT NULL,
    field_type text NOT NULL,
    column_name text NOT NULL,
    column_type text NOT NULL,
    group_name text NOT NULL,
    description text NOT NULL,
    calculated boolean NOT NULL,
    custom boolean NOT NULL,
    archived boolean NOT NULL,
    options jsonb NOT NULL,
    PRIMARY KEY (object_type, name)
);

CREATE TABLE associations (
    from_type smallint NOT NULL,
    from_id bigint NOT NULL,
    to_type smallint NOT NULL,
    to_id bigint NOT NULL,
    category text NOT NULL,
    type_id integer NOT NULL,
    PRIMARY KEY (from_type, from_id, to_type, to_id, category, type_id)
);
CREATE INDEX associations_to ON associations (to_type, to_id, from_type, from_id);

-- Links to contacts that were there once: an erased person's engagements are found by them.
CREATE TABLE _former_links (
    from_type smallint NOT NULL,
    from_id bigint NOT NULL,
    to_type smallint NOT NULL,
    to_id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX former_links_to ON _former_links (to_type, to_id);

-- Records whose values were erased with a person's, and stay erased though HubSpot still has them.
CREATE TABLE _suppressed (
    object_type text NOT NULL,
    id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (object_type, id)
);

CREATE TABLE association_labels (
    from_type smallint NOT NULL,
    to_type smallint NOT NULL,
    category text NOT NULL,
    type_id integer NOT NULL,
    label text,
    PRIMARY KEY (from_type, to_type, category, type_id)
);

CREATE TABLE owners (
    id bigint PRIMARY KEY,
    email text,
    first_name text,
    last_name text,
    type text NOT NULL,
    user_id bigint,
    archived boolean NOT NULL,
    created_at timestamptz,
    updated_at timestamptz
);

CREATE TABLE pipelines (
    object_type text NOT NULL,
    id text NOT NULL,
    label text NOT NULL,
    display_order integer NOT NULL,
    archived boolean NOT NULL,
    PRIMARY KEY (object_type, id)
);

CREATE TABLE pipeline_stages (
    object_type text NOT NULL,
    pipeline_id text NOT NULL,
    id text NOT NULL,
    label text NOT NULL,
    display_order integer NOT NULL,
    probability numeric,
    is_closed boolean,
    archived boolean NOT NULL,
    PRIMARY KEY (object_type, pipeline_id, id)
);

CREATE TABLE merges (
    object_type text NOT NULL,
    from_id bigint NOT NULL,
    into_id bigint NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (object_type, from_id)
);

CREATE TABLE _drift (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    object_type text NOT NULL,
    property text NOT NULL,
    change text NOT NULL,
    before text,
    after text,
    acknowledged boolean NOT NULL DEFAULT false
);
