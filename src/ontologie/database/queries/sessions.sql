-- name: insert
INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at, device, address)
VALUES (%(token_hash)s, %(user_id)s, %(now)s, %(now)s, %(expires_at)s, %(device)s, %(address)s)

-- name: user
SELECT u.id, u.name, u.role, u.email, s.last_seen_at FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.token_hash = %(token_hash)s AND s.expires_at > %(now)s

-- name: seen
UPDATE sessions SET last_seen_at = %(now)s WHERE token_hash = %(token_hash)s

-- name: of_user
SELECT id, created_at, last_seen_at, device, address, token_hash = %(token_hash)s AS current
FROM sessions WHERE user_id = %(user_id)s AND expires_at > %(now)s ORDER BY last_seen_at DESC NULLS LAST, id DESC

-- name: end
DELETE FROM sessions WHERE token_hash = %(token_hash)s

-- name: end_one
DELETE FROM sessions WHERE id = %(id)s AND user_id = %(user_id)s

-- name: end_others
DELETE FROM sessions WHERE user_id = %(user_id)s AND token_hash <> %(token_hash)s

-- name: forget_expired
WITH links AS (DELETE FROM login_links WHERE expires_at < %(now)s),
     failures AS (DELETE FROM login_failures WHERE since < %(now)s - interval '1 day')
DELETE FROM sessions WHERE expires_at < %(now)s

-- name: count_failure
INSERT INTO login_failures AS f (subject, failures, since) VALUES (%(subject)s, 1, %(now)s)
ON CONFLICT (subject) DO UPDATE SET
    failures = CASE WHEN f.since > %(window_start)s THEN f.failures + 1 ELSE 1 END,
    since = CASE WHEN f.since > %(window_start)s THEN f.since ELSE excluded.since END
RETURNING failures, since

-- name: forget_failures
DELETE FROM login_failures WHERE subject = %(subject)s
