-- What a run did, step by step and in requests; and what is left of the account's day.

ALTER TABLE runs
    ADD COLUMN requests bigint NOT NULL DEFAULT 0,
    ADD COLUMN refusals bigint NOT NULL DEFAULT 0,
    ADD COLUMN retries bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN runs.refusals IS 'Answers with status 429.';
CREATE INDEX runs_by_end ON runs (coalesce(ended_at, 'infinity'));

ALTER TABLE run_objects ADD COLUMN started_at timestamptz, ADD COLUMN ended_at timestamptz;

CREATE TABLE run_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES runs ON DELETE CASCADE,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    object_type text,
    detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX run_events_by_run ON run_events (run_id, id);

CREATE TABLE daily_quotas (
    source_id bigint PRIMARY KEY REFERENCES sources ON DELETE CASCADE,
    "limit" bigint NOT NULL,
    "left" bigint NOT NULL,
    told_at timestamptz NOT NULL
);
