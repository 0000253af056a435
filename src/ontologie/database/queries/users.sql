-- name: owner
SELECT id FROM users WHERE role = 'owner' ORDER BY id LIMIT 1

-- name: insert
INSERT INTO users (workspace_id, name, email, role, created_at)
VALUES ((SELECT min(id) FROM workspaces), %(name)s, %(email)s, %(role)s, %(now)s)
ON CONFLICT DO NOTHING
RETURNING id

-- name: every
SELECT u.id, u.name, u.role, u.email, u.password_hash IS NOT NULL AS has_password, u.created_at, u.last_login_at,
       EXISTS (SELECT FROM login_links l WHERE l.user_id = u.id AND l.expires_at > %(now)s) AS invited
FROM users u ORDER BY lower(u.name)

-- name: lock
LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE

-- name: by_id
SELECT id, name, role, email FROM users WHERE id = %(id)s

-- name: by_login
SELECT id, password_hash FROM users WHERE lower(email) = lower(%(login)s) OR lower(name) = lower(%(login)s)
ORDER BY lower(email) = lower(%(login)s) DESC NULLS LAST LIMIT 1

-- name: owners
SELECT count(*) AS owners FROM users WHERE role = 'owner'

-- name: set_role
UPDATE users SET role = %(role)s WHERE id = %(id)s

-- name: set_profile
UPDATE users SET name = %(name)s, email = %(email)s
WHERE id = %(id)s AND NOT EXISTS (
    SELECT FROM users o
    WHERE o.id <> %(id)s AND (lower(o.name) = lower(%(name)s) OR lower(o.email) = lower(%(email)s))
)

-- name: password_hash
SELECT password_hash FROM users WHERE id = %(id)s

-- name: set_password
UPDATE users SET password_hash = %(password_hash)s WHERE id = %(id)s

-- name: logged_in
UPDATE users SET last_login_at = %(now)s WHERE id = %(id)s

-- name: delete
DELETE FROM users WHERE id = %(id)s

-- name: add_login_link
INSERT INTO login_links (token_hash, user_id, expires_at) VALUES (%(token_hash)s, %(user_id)s, %(expires_at)s)

-- name: look_at_link
SELECT u.id, u.name, u.role, u.email FROM login_links l JOIN users u ON u.id = l.user_id
WHERE l.token_hash = %(token_hash)s AND l.expires_at > %(now)s

-- name: take_login_link
DELETE FROM login_links WHERE token_hash = %(token_hash)s RETURNING user_id, expires_at

-- name: drop_links
DELETE FROM login_links WHERE user_id = %(user_id)s
