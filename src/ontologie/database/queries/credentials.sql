-- name: seal
INSERT INTO credentials (source_id, sealed) VALUES (%(id)s, %(sealed)s)
ON CONFLICT (source_id) DO UPDATE SET sealed = excluded.sealed

-- name: sealed
SELECT sealed FROM credentials WHERE source_id = %(id)s

-- name: sealed_for_update
SELECT sealed FROM credentials WHERE source_id = %(id)s FOR UPDATE
