-- Who is told when a source needs somebody, and what they were told: kept until it was delivered.

CREATE TABLE notification_channels (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces,
    kind text NOT NULL CHECK (kind IN ('email', 'webhook')),
    target text NOT NULL,
    language text NOT NULL CHECK (language IN ('en', 'fr')),
    created_at timestamptz NOT NULL,
    UNIQUE (workspace_id, kind, target)
);

CREATE TABLE notifications (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel_id bigint NOT NULL REFERENCES notification_channels ON DELETE CASCADE,
    message jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    delivered_at timestamptz,
    last_error text
);
CREATE INDEX notifications_due ON notifications (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX notifications_by_channel ON notifications (channel_id, id DESC);
