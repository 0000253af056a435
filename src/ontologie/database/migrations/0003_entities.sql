-- Business concepts, and the streams that feed them.

CREATE TABLE entities (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces,
    name text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX entities_name ON entities (workspace_id, lower(name));

CREATE TABLE entity_links (
    entity_id bigint NOT NULL REFERENCES entities ON DELETE CASCADE,
    source_id bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    stream text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (entity_id, source_id, stream)
);
CREATE INDEX entity_links_by_source ON entity_links (source_id);
