-- name: insert
INSERT INTO runs (source_id, status, options, trigger, created_at)
VALUES (%(source_id)s, 'queued', %(options)s, %(trigger)s, %(created_at)s)
ON CONFLICT DO NOTHING
RETURNING *

-- name: by_id
SELECT * FROM runs WHERE id = %(id)s

-- name: open_for_source
SELECT * FROM runs WHERE source_id = %(source_id)s AND status IN ('queued', 'running')

-- name: open_runs
SELECT * FROM runs WHERE status IN ('queued', 'running') ORDER BY id

-- name: latest
SELECT * FROM runs WHERE source_id = %(source_id)s ORDER BY id DESC LIMIT %(limit)s

-- name: begin
UPDATE runs SET status = 'running', started_at = coalesce(started_at, %(now)s)
WHERE id = %(id)s AND status IN ('queued', 'running')
RETURNING *

-- name: finish
UPDATE runs SET status = %(status)s, ended_at = %(now)s, diagnosis_code = %(diagnosis_code)s,
                diagnosis_params = %(diagnosis_params)s
WHERE id = %(id)s AND status IN ('queued', 'running')

-- name: add_backfilled
UPDATE runs SET backfilled_records = backfilled_records + %(records)s WHERE id = %(id)s
RETURNING backfilled_records, cancel_requested

-- name: request_cancel
UPDATE runs SET cancel_requested = true WHERE source_id = %(source_id)s AND status IN ('queued', 'running')

-- name: objects
SELECT * FROM run_objects WHERE run_id = %(run_id)s ORDER BY ordinal

-- name: save_object
INSERT INTO run_objects (run_id, object_type, stream, status, read, expected, inserted, updated, unchanged, archived,
                         rejected_values, set_aside, requests, seconds, checked_ours, checked_theirs, diagnosis_code,
                         diagnosis_params)
VALUES (%(run_id)s, %(object_type)s, %(stream)s, %(status)s, %(read)s, %(expected)s, %(inserted)s, %(updated)s,
        %(unchanged)s, %(archived)s, %(rejected_values)s, %(set_aside)s, %(requests)s, %(seconds)s,
        %(checked_ours)s, %(checked_theirs)s, %(diagnosis_code)s,
        %(diagnosis_params)s)
ON CONFLICT (run_id, object_type) DO UPDATE SET
    status = excluded.status, read = excluded.read, expected = excluded.expected, inserted = excluded.inserted,
    updated = excluded.updated, unchanged = excluded.unchanged, archived = excluded.archived,
    rejected_values = excluded.rejected_values, set_aside = excluded.set_aside,
    checked_ours = excluded.checked_ours, checked_theirs = excluded.checked_theirs, requests = excluded.requests, seconds = excluded.seconds,
    diagnosis_code = excluded.diagnosis_code, diagnosis_params = excluded.diagnosis_params

-- name: notify
SELECT pg_notify('ontologie_progress', %(source_id)s::text)
