-- name: named
INSERT INTO entities (workspace_id, name, created_at)
VALUES ((SELECT min(id) FROM workspaces), %(name)s, %(now)s)
ON CONFLICT (workspace_id, lower(name)) DO UPDATE SET name = entities.name
RETURNING id, name, created_at

-- name: every
SELECT id, name, created_at FROM entities ORDER BY lower(name)

-- name: link
INSERT INTO entity_links (entity_id, source_id, stream, created_at)
VALUES (%(entity_id)s, %(source_id)s, %(stream)s, %(now)s)
ON CONFLICT DO NOTHING

-- name: unlink
DELETE FROM entity_links WHERE entity_id = %(entity_id)s AND source_id = %(source_id)s AND stream = %(stream)s

-- name: links
SELECT l.entity_id, e.name AS entity, l.source_id, s.name AS source, l.stream
FROM entity_links l JOIN entities e ON e.id = l.entity_id JOIN sources s ON s.id = l.source_id
ORDER BY lower(e.name), s.name, l.stream
