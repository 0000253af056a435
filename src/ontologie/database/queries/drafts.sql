-- name: insert
INSERT INTO source_drafts (user_id, connector, source_id, choices, created_at, updated_at)
VALUES (%(user_id)s, %(connector)s, %(source_id)s, %(choices)s, %(now)s, %(now)s)
RETURNING *

-- name: of_user
SELECT * FROM source_drafts WHERE user_id IS NOT DISTINCT FROM %(user_id)s ORDER BY updated_at DESC, id DESC

-- name: by_id
SELECT * FROM source_drafts WHERE id = %(id)s AND user_id IS NOT DISTINCT FROM %(user_id)s

-- name: choose
UPDATE source_drafts SET choices = %(choices)s, updated_at = %(now)s WHERE id = %(id)s

-- name: discovered
UPDATE source_drafts SET discovery = %(discovery)s, updated_at = %(now)s WHERE id = %(id)s

-- name: seal
UPDATE source_drafts SET sealed = %(sealed)s WHERE id = %(id)s

-- name: credentials_changed
UPDATE source_drafts SET via = %(via)s, discovery = NULL, updated_at = %(now)s WHERE id = %(id)s

-- name: sealed
SELECT sealed FROM source_drafts WHERE id = %(id)s

-- name: sealed_for_update
SELECT sealed FROM source_drafts WHERE id = %(id)s FOR UPDATE

-- name: delete
DELETE FROM source_drafts WHERE id = %(id)s

-- name: forget_old
DELETE FROM source_drafts WHERE updated_at < %(before)s

-- name: seal_client
UPDATE source_drafts SET sealed_client = %(sealed)s WHERE id = %(id)s

-- name: sealed_client
SELECT sealed_client FROM source_drafts WHERE id = %(id)s

-- name: begin_authorization
INSERT INTO authorizations (state_hash, session_hash, draft_id, sealed, expires_at)
VALUES (%(state_hash)s, %(session_hash)s, %(draft_id)s, %(sealed)s, %(expires_at)s)

-- name: take_authorization
DELETE FROM authorizations WHERE state_hash = %(state_hash)s RETURNING *

-- name: forget_authorizations
DELETE FROM authorizations WHERE expires_at < %(before)s
