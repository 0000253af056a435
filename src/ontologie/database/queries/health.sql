-- name: version
SELECT current_setting('server_version') AS version

-- name: workers_silent_for
SELECT now() - max(last_heartbeat) AS silent_for FROM procrastinate_workers

-- name: missing_rights
SELECT needed.name, needed.remedy
FROM (VALUES
    ('CREATE', has_database_privilege(current_database(), 'CREATE'),
     'GRANT CREATE ON DATABASE ' || quote_ident(current_database()) || ' TO ' || quote_ident(current_user)),
    ('TEMPORARY', has_database_privilege(current_database(), 'TEMPORARY'),
     'GRANT TEMPORARY ON DATABASE ' || quote_ident(current_database()) || ' TO ' || quote_ident(current_user)),
    ('CREATEROLE', (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user),
     'ALTER ROLE ' || quote_ident(current_user) || ' CREATEROLE')
) AS needed (name, held, remedy)
WHERE NOT needed.held
