-- name: raise_
INSERT INTO notices (code, params, since) VALUES (%(code)s, %(params)s, %(now)s)
ON CONFLICT (code) DO UPDATE SET params = excluded.params

-- name: clear
DELETE FROM notices WHERE code = %(code)s

-- name: all
SELECT * FROM notices ORDER BY since

-- name: delete_runs
DELETE FROM runs r
WHERE r.ended_at < %(before)s
  AND EXISTS (SELECT FROM runs later WHERE later.source_id = r.source_id AND later.id > r.id)

-- name: delete_sessions
DELETE FROM sessions WHERE expires_at < %(now)s

-- name: delete_login_links
DELETE FROM login_links WHERE expires_at < %(now)s
