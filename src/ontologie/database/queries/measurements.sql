-- name: queue
SELECT count(*) FILTER (WHERE status = 'todo') AS waiting, count(*) FILTER (WHERE status = 'doing') AS handled
FROM procrastinate_jobs

-- name: workers
SELECT count(*) AS alive FROM procrastinate_workers WHERE last_heartbeat > now() - interval '15 seconds'

-- name: open_runs
SELECT count(*) FILTER (WHERE status = 'queued') AS queued, count(*) FILTER (WHERE status = 'running') AS running,
       coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE status = 'queued')), 0)::float8 AS oldest_s
FROM runs WHERE status IN ('queued', 'running')

-- name: streams
SELECT s.name AS source, o.object_type, o.status, coalesce(o.records, 0) AS records,
       extract(epoch FROM now() - o.last_synced_at)::float8 AS lag_s
FROM object_states o JOIN sources s ON s.id = o.source_id
ORDER BY s.name, o.object_type

-- name: overdue
SELECT count(*) AS overdue FROM sources WHERE NOT paused AND next_run_at < now() - interval '1 minute'

-- name: database
SELECT pg_database_size(current_database()) AS bytes
