-- name: insert
INSERT INTO api_keys (workspace_id, name, begins, token_hash, scopes, created_by, created_at)
VALUES ((SELECT min(id) FROM workspaces), %(name)s, %(begins)s, %(token_hash)s, %(scopes)s, %(created_by)s, %(now)s)
RETURNING id, name, begins, scopes, created_by, created_at, last_used_at

-- name: every
SELECT id, name, begins, scopes, created_by, created_at, last_used_at FROM api_keys ORDER BY id

-- name: by_token
SELECT id, name, begins, scopes, created_by, created_at, last_used_at FROM api_keys WHERE token_hash = %(token_hash)s

-- name: used
UPDATE api_keys SET last_used_at = %(now)s
WHERE id = %(id)s AND (last_used_at IS NULL OR last_used_at < %(now)s - interval '1 minute')

-- name: delete
DELETE FROM api_keys WHERE id = %(id)s
