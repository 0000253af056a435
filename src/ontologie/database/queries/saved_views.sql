-- name: visible
SELECT v.*, u.name AS owner FROM saved_views v JOIN users u ON u.id = v.user_id
WHERE v.source_id = %(source_id)s AND v.object_type = %(object_type)s AND (v.shared OR v.user_id = %(user_id)s)
ORDER BY v.user_id <> %(user_id)s, lower(v.name), v.id

-- name: insert
INSERT INTO saved_views (source_id, object_type, user_id, name, query, shared, created_at)
VALUES (%(source_id)s, %(object_type)s, %(user_id)s, %(name)s, %(query)s, %(shared)s, %(created_at)s)
ON CONFLICT DO NOTHING
RETURNING id

-- name: delete
DELETE FROM saved_views WHERE id = %(id)s AND source_id = %(source_id)s AND user_id = %(user_id)s
