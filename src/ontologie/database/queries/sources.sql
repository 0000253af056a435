-- name: insert
INSERT INTO sources (workspace_id, name, connector, api_url, schema_name, streams, excluded_properties, sensitive,
                     hard_delete, frequency, account, next_run_at, created_at, called)
VALUES ((SELECT min(id) FROM workspaces), %(name)s, %(connector)s, %(api_url)s, %(schema_name)s, %(streams)s,
        %(excluded_properties)s, %(sensitive)s, %(hard_delete)s, %(frequency)s, %(account)s, %(next_run_at)s, %(created_at)s,
        %(called)s)
ON CONFLICT DO NOTHING
RETURNING *

-- name: all
SELECT * FROM sources ORDER BY name

-- name: by_name
SELECT * FROM sources WHERE name = %(name)s

-- name: by_id
SELECT * FROM sources WHERE id = %(id)s

-- name: set_paused
UPDATE sources SET paused = %(paused)s, next_run_at = %(next_run_at)s WHERE id = %(id)s

-- name: set_frequency
UPDATE sources SET frequency = %(frequency)s, next_run_at = %(next_run_at)s WHERE id = %(id)s

-- name: set_account
UPDATE sources SET account = %(account)s WHERE id = %(id)s

-- name: learn_called
UPDATE sources SET called = called || %(called)s WHERE id = %(id)s AND NOT called @> %(called)s

-- name: called
SELECT called FROM sources WHERE called <> '{}' ORDER BY id

-- name: reconnected
UPDATE sources SET account = %(account)s, failures = 0, next_run_at = coalesce(%(next_run_at)s, next_run_at)
WHERE id = %(id)s

-- name: after_run
UPDATE sources SET next_run_at = %(next_run_at)s, failures = %(failures)s WHERE id = %(id)s

-- name: due
SELECT s.id FROM sources s
WHERE NOT s.paused AND s.next_run_at <= %(now)s
  AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.source_id = s.id AND r.status IN ('queued', 'running'))
ORDER BY s.next_run_at

-- name: delete
DELETE FROM sources WHERE id = %(id)s

-- name: object_states
SELECT * FROM object_states

-- name: save_object_states
INSERT INTO object_states (source_id, object_type, status, records, last_synced_at, rejected_values, diagnosis_code,
                           diagnosis_params, checked_at, checked_ours, checked_theirs)
SELECT source_id, object_type, status, records, last_synced_at, rejected_values, diagnosis_code,
       diagnosis_params, checked_at, checked_ours, checked_theirs
FROM jsonb_populate_recordset(NULL::object_states, %(states)s)
ON CONFLICT (source_id, object_type) DO UPDATE SET
    status = excluded.status,
    records = coalesce(excluded.records, object_states.records),
    last_synced_at = coalesce(excluded.last_synced_at, object_states.last_synced_at),
    rejected_values = excluded.rejected_values,
    diagnosis_code = excluded.diagnosis_code,
    diagnosis_params = excluded.diagnosis_params,
    checked_at = coalesce(excluded.checked_at, object_states.checked_at),
    checked_ours = coalesce(excluded.checked_ours, object_states.checked_ours),
    checked_theirs = coalesce(excluded.checked_theirs, object_states.checked_theirs)

-- name: keep_schema
INSERT INTO kept_schemas (schema_name, portal_id) VALUES (%(schema_name)s, %(portal_id)s)
ON CONFLICT (schema_name) DO UPDATE SET portal_id = excluded.portal_id

-- name: kept_schema
SELECT portal_id FROM kept_schemas WHERE schema_name = %(schema_name)s

-- name: forget_schema
DELETE FROM kept_schemas WHERE schema_name = %(schema_name)s

-- name: set_quota
INSERT INTO daily_quotas (source_id, "limit", "left", told_at)
VALUES (%(source_id)s, %(limit)s, %(left)s, %(told_at)s)
ON CONFLICT (source_id) DO UPDATE SET
    "limit" = excluded."limit", "left" = excluded."left", told_at = excluded.told_at

-- name: quotas
SELECT * FROM daily_quotas

-- name: set_hard_delete
UPDATE sources SET hard_delete = %(hard_delete)s WHERE id = %(id)s

-- name: set_streams
UPDATE sources SET streams = %(streams)s, excluded_properties = %(excluded_properties)s WHERE id = %(id)s
