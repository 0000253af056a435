-- Connecting an account: wizards that were begun, and trips to a consent page.

CREATE TABLE source_drafts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint REFERENCES users ON DELETE CASCADE,
    connector text NOT NULL,
    source_id bigint REFERENCES sources ON DELETE CASCADE,
    choices jsonb NOT NULL,
    via text CHECK (via IN ('token', 'oauth')),
    sealed bytea,
    sealed_client bytea,
    discovery jsonb,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
COMMENT ON TABLE source_drafts IS 'Sources being connected, or reconnected (source_id), that can be gone on with later.';
COMMENT ON COLUMN source_drafts.user_id IS 'Whose draft it is; NULL: the command line''s.';
COMMENT ON COLUMN source_drafts.sealed_client IS 'The OAuth app of the user''s own.';

CREATE TABLE authorizations (
    state_hash bytea PRIMARY KEY,
    session_hash bytea NOT NULL,
    draft_id bigint NOT NULL REFERENCES source_drafts ON DELETE CASCADE,
    sealed bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE authorizations IS 'Trips to a consent page: each row is used up by the one answer it may get.';
