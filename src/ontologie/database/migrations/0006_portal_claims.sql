-- One run at a time of one portal, whichever of its sources asks.

ALTER TABLE sources ADD COLUMN portal_key text GENERATED ALWAYS AS (
    connector || ' ' || api_url || ' ' || coalesce(account ->> 'portal_id', 'of source ' || id)
) STORED;
CREATE INDEX sources_by_portal ON sources (portal_key);

CREATE TABLE portal_claims (
    portal_key text PRIMARY KEY,
    run_id bigint NOT NULL,
    owner text NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX runs_open ON runs (id) WHERE status IN ('queued', 'running');
