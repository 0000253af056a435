-- name: claim
INSERT INTO portal_claims AS c (portal_key, run_id, owner, expires_at)
SELECT portal_key, %(run_id)s, %(owner)s, now() + %(ttl)s FROM sources WHERE id = %(source_id)s
ON CONFLICT (portal_key) DO UPDATE SET run_id = excluded.run_id, owner = excluded.owner, expires_at = excluded.expires_at
WHERE NOT c.expires_at BETWEEN now() AND now() + interval '1 hour' -- a later one was made by a clock that was fast
RETURNING portal_key

-- name: renew
UPDATE portal_claims SET expires_at = now() + %(ttl)s
WHERE portal_key = %(portal_key)s AND run_id = %(run_id)s AND owner = %(owner)s

-- name: release
DELETE FROM portal_claims WHERE portal_key = %(portal_key)s AND run_id = %(run_id)s AND owner = %(owner)s
