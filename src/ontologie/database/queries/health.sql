-- name: version
SELECT current_setting('server_version') AS version

-- name: workers_silent_for
SELECT now() - max(last_heartbeat) AS silent_for FROM procrastinate_workers
