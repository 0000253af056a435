-- name: share
SELECT pg_advisory_xact_lock_shared(%(lock)s)

-- name: alone
SELECT pg_advisory_xact_lock(%(lock)s)

-- name: forget_authorizations
DELETE FROM authorizations

-- name: all_credentials
SELECT source_id AS id, sealed FROM credentials FOR UPDATE

-- name: save_credentials
UPDATE credentials SET sealed = %(sealed)s WHERE source_id = %(id)s

-- name: all_drafts
SELECT id, sealed FROM source_drafts WHERE sealed IS NOT NULL FOR UPDATE

-- name: save_drafts
UPDATE source_drafts SET sealed = %(sealed)s WHERE id = %(id)s

-- name: all_clients
SELECT id, sealed_client AS sealed FROM source_drafts WHERE sealed_client IS NOT NULL FOR UPDATE

-- name: save_clients
UPDATE source_drafts SET sealed_client = %(sealed)s WHERE id = %(id)s
