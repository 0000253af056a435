-- name: ensure_owner
INSERT INTO users (workspace_id, name, role, created_at)
VALUES ((SELECT min(id) FROM workspaces), 'owner', 'owner', %(now)s)
ON CONFLICT (name) DO UPDATE SET name = excluded.name
RETURNING id

-- name: add_login_link
INSERT INTO login_links (token_hash, user_id, expires_at) VALUES (%(token_hash)s, %(user_id)s, %(expires_at)s)

-- name: take_login_link
DELETE FROM login_links WHERE token_hash = %(token_hash)s RETURNING user_id, expires_at

-- name: add_session
INSERT INTO sessions (token_hash, user_id, created_at, expires_at)
VALUES (%(token_hash)s, %(user_id)s, %(now)s, %(expires_at)s)

-- name: session_user
SELECT u.id, u.name, u.role FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.token_hash = %(token_hash)s AND s.expires_at > %(now)s

-- name: end_session
DELETE FROM sessions WHERE token_hash = %(token_hash)s

-- name: forget_expired
WITH gone AS (DELETE FROM login_links WHERE expires_at < %(now)s)
DELETE FROM sessions WHERE expires_at < %(now)s
