-- name: insert
INSERT INTO runs (source_id, status, options, trigger, created_at)
VALUES (%(source_id)s, 'queued', %(options)s, %(trigger)s, %(created_at)s)
ON CONFLICT DO NOTHING
RETURNING *

-- name: by_id
SELECT * FROM runs WHERE id = %(id)s

-- name: open_for_source
SELECT * FROM runs WHERE source_id = %(source_id)s AND status IN ('queued', 'running')

-- name: orphans
SELECT r.id FROM runs r JOIN sources s ON s.id = r.source_id
WHERE r.status IN ('queued', 'running')
  AND NOT (r.trigger = 'cli' AND r.status = 'queued' AND r.created_at > %(begun_before)s)
  AND NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.queueing_lock = 'run:' || r.id AND j.status = 'todo')
  AND NOT EXISTS (SELECT FROM portal_claims c WHERE c.portal_key = s.portal_key AND c.expires_at BETWEEN now() AND now() + interval '1 hour')
ORDER BY r.id

-- name: waiting_beside
SELECT r.id FROM runs r JOIN sources s ON s.id = r.source_id
JOIN sources mine ON mine.portal_key = s.portal_key AND mine.id <> s.id
WHERE mine.id = %(source_id)s AND r.status IN ('queued', 'running')
ORDER BY r.id

-- name: stopped_by_users
SELECT asked.id FROM unnest(%(ids)s::bigint[]) AS asked (id)
WHERE NOT EXISTS (SELECT FROM runs r WHERE r.id = asked.id AND r.status IN ('queued', 'running')
                                       AND NOT r.cancel_requested)

-- name: cancelled_unclaimed
SELECT r.* FROM runs r JOIN sources s ON s.id = r.source_id
WHERE r.cancel_requested AND r.status IN ('queued', 'running')
  AND (%(source_id)s::bigint IS NULL OR r.source_id = %(source_id)s)
  AND NOT EXISTS (SELECT FROM portal_claims c
                  WHERE c.portal_key = s.portal_key AND c.run_id = r.id AND c.expires_at BETWEEN now() AND now() + interval '1 hour')

-- name: status_before
SELECT status FROM runs
WHERE source_id = %(source_id)s AND id < %(id)s AND status NOT IN ('queued', 'running', 'cancelled')
ORDER BY id DESC LIMIT 1

-- name: latest
SELECT * FROM runs WHERE source_id = %(source_id)s AND (%(before)s::bigint IS NULL OR id < %(before)s)
    AND (%(object_type)s::text IS NULL OR EXISTS (
        SELECT FROM run_objects o WHERE o.run_id = runs.id AND o.object_type = %(object_type)s))
ORDER BY id DESC LIMIT %(limit)s

-- name: begin
UPDATE runs SET status = 'running', started_at = coalesce(started_at, %(now)s)
WHERE id = %(id)s AND status IN ('queued', 'running')
RETURNING *

-- name: finish
UPDATE runs SET status = %(status)s, ended_at = %(now)s, diagnosis_code = %(diagnosis_code)s,
                diagnosis_params = %(diagnosis_params)s
WHERE id = %(id)s AND status IN ('queued', 'running')

-- name: record
WITH counted AS (
    UPDATE runs SET backfilled_records = backfilled_records + %(backfilled)s, requests = requests + %(requests)s,
                    refusals = refusals + %(refusals)s, retries = retries + %(retries)s,
                    budgets = %(budgets)s
    WHERE id = %(id)s
    RETURNING id, source_id, backfilled_records
), told AS (
    INSERT INTO run_events (run_id, at, kind, object_type, detail)
    SELECT counted.id, at, kind, object_type, detail
    FROM counted, jsonb_populate_recordset(NULL::run_events, %(events)s) WITH ORDINALITY AS event
    ORDER BY ordinality
), saved AS (
    INSERT INTO run_objects (run_id, object_type, stream, status, read, expected, inserted, updated, unchanged, archived,
                             rejected_values, set_aside, requests, seconds, checked_ours, checked_theirs, covered,
                             links, compared, diagnosis_code, diagnosis_params, started_at, ended_at)
    SELECT counted.id, object_type, stream, status, read, expected, inserted, updated, unchanged, archived,
           rejected_values, set_aside, requests, seconds, checked_ours, checked_theirs, covered,
           links, compared, diagnosis_code, diagnosis_params, started_at, ended_at
    FROM counted, jsonb_populate_recordset(NULL::run_objects, %(objects)s) WITH ORDINALITY AS object
    ORDER BY ordinality
    ON CONFLICT (run_id, object_type) DO UPDATE SET
        status = excluded.status, read = excluded.read, expected = excluded.expected, inserted = excluded.inserted,
        updated = excluded.updated, unchanged = excluded.unchanged, archived = excluded.archived,
        rejected_values = excluded.rejected_values, set_aside = excluded.set_aside,
        checked_ours = excluded.checked_ours, checked_theirs = excluded.checked_theirs, covered = excluded.covered,
        links = excluded.links, compared = excluded.compared,
        requests = excluded.requests, seconds = excluded.seconds,
        diagnosis_code = excluded.diagnosis_code, diagnosis_params = excluded.diagnosis_params,
        started_at = excluded.started_at, ended_at = excluded.ended_at
)
SELECT backfilled_records, pg_notify('ontologie_progress', source_id::text) FROM counted

-- name: request_cancel
UPDATE runs SET cancel_requested = true WHERE source_id = %(source_id)s AND status IN ('queued', 'running')

-- name: objects
SELECT * FROM run_objects WHERE run_id = ANY(%(run_ids)s::bigint[]) ORDER BY run_id, ordinal

-- name: notify
SELECT pg_notify('ontologie_progress', %(source_id)s::text)

-- name: add_event
INSERT INTO run_events (run_id, at, kind, object_type, detail)
VALUES (%(run_id)s, %(at)s, %(kind)s, %(object_type)s, %(detail)s)

-- name: events
SELECT * FROM (
    SELECT id, at, kind, object_type, detail FROM run_events WHERE run_id = %(run_id)s ORDER BY id DESC LIMIT %(limit)s
) latest ORDER BY id

-- name: forget_events
DELETE FROM run_events e USING runs r
WHERE r.id = e.run_id AND r.source_id = %(source_id)s AND r.ended_at < %(before)s

-- name: forget
DELETE FROM runs r
WHERE r.ended_at < %(before)s
  AND EXISTS (SELECT FROM runs later WHERE later.source_id = r.source_id AND later.id > r.id)

-- name: since
SELECT id, source_id, status, created_at, started_at, ended_at, requests, refusals, retries, diagnosis_code
FROM runs WHERE coalesce(ended_at, 'infinity') > %(since)s ORDER BY id

-- name: latest_of_each
SELECT r.* FROM sources s
CROSS JOIN LATERAL (SELECT * FROM runs WHERE source_id = s.id ORDER BY id DESC LIMIT 1) r

-- name: recent_changes
SELECT r.source_id, r.id AS run_id, r.ended_at, o.stream, sum(o.inserted + o.updated + o.archived)::bigint AS changed
FROM sources s
CROSS JOIN LATERAL (
    SELECT id, source_id, ended_at FROM runs WHERE source_id = s.id AND ended_at IS NOT NULL ORDER BY id DESC LIMIT %(runs)s
) r
JOIN run_objects o ON o.run_id = r.id
GROUP BY r.source_id, r.id, r.ended_at, o.stream
ORDER BY r.id
