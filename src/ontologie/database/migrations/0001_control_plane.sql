-- The control plane: who uses the installation, which sources it has, and what their runs did.
-- The customer's records live in a schema of their own for each source.

CREATE TABLE workspaces (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL
);
INSERT INTO workspaces (name) VALUES ('default');

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces,
    name text NOT NULL UNIQUE,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
    password_hash text,
    created_at timestamptz NOT NULL
);

CREATE TABLE login_links (
    token_hash bytea PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE sources (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces,
    name text NOT NULL,
    connector text NOT NULL,
    api_url text NOT NULL,
    schema_name text NOT NULL UNIQUE,
    streams text[] NOT NULL,
    excluded_properties jsonb NOT NULL DEFAULT '{}',
    frequency text NOT NULL,
    paused boolean NOT NULL DEFAULT false,
    account jsonb,
    failures integer NOT NULL DEFAULT 0,
    next_run_at timestamptz,
    created_at timestamptz NOT NULL,
    UNIQUE (workspace_id, name)
);
CREATE INDEX sources_due ON sources (next_run_at) WHERE NOT paused;

CREATE TABLE credentials (
    source_id bigint PRIMARY KEY REFERENCES sources ON DELETE CASCADE,
    sealed bytea NOT NULL
);

CREATE TABLE runs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    status text NOT NULL,
    options jsonb NOT NULL DEFAULT '{}',
    trigger text NOT NULL,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    cancel_requested boolean NOT NULL DEFAULT false,
    backfilled_records bigint NOT NULL DEFAULT 0,
    diagnosis_code text,
    diagnosis_params jsonb NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX runs_one_open_per_source ON runs (source_id) WHERE status IN ('queued', 'running');
CREATE INDEX runs_by_source ON runs (source_id, id DESC);

CREATE TABLE run_objects (
    run_id bigint NOT NULL REFERENCES runs ON DELETE CASCADE,
    object_type text NOT NULL,
    ordinal bigint GENERATED ALWAYS AS IDENTITY,
    stream text NOT NULL,
    status text NOT NULL,
    read bigint NOT NULL DEFAULT 0,
    expected bigint,
    inserted bigint NOT NULL DEFAULT 0,
    updated bigint NOT NULL DEFAULT 0,
    unchanged bigint NOT NULL DEFAULT 0,
    archived bigint NOT NULL DEFAULT 0,
    rejected_values bigint NOT NULL DEFAULT 0,
    requests bigint NOT NULL DEFAULT 0,
    seconds double precision NOT NULL DEFAULT 0,
    diagnosis_code text,
    diagnosis_params jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (run_id, object_type)
);

-- What each object type of a source says of itself between runs.
CREATE TABLE object_states (
    source_id bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    object_type text NOT NULL,
    status text NOT NULL,
    records bigint,
    last_synced_at timestamptz,
    rejected_values bigint NOT NULL DEFAULT 0,
    diagnosis_code text,
    diagnosis_params jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (source_id, object_type)
);
