-- name: channels
SELECT c.id, c.kind, c.target, c.language, c.created_at, n.message->>'event' AS last_event,
       n.delivered_at AS last_delivered_at, n.last_error
FROM notification_channels c
LEFT JOIN LATERAL (SELECT * FROM notifications WHERE channel_id = c.id ORDER BY id DESC LIMIT 1) n ON true
ORDER BY c.id

-- name: add_channel
INSERT INTO notification_channels (workspace_id, kind, target, language, created_at)
VALUES ((SELECT min(id) FROM workspaces), %(kind)s, %(target)s, %(language)s, %(now)s)
ON CONFLICT (workspace_id, kind, target) DO UPDATE SET language = excluded.language
RETURNING id, kind, target, language, created_at

-- name: remove_channel
DELETE FROM notification_channels WHERE id = %(id)s

-- name: enqueue
INSERT INTO notifications (channel_id, message, created_at, next_attempt_at)
SELECT id, %(message)s, %(now)s, %(now)s FROM notification_channels WHERE %(channel_id)s::bigint IS NULL OR id = %(channel_id)s
RETURNING id

-- name: take
UPDATE notifications n SET attempts = attempts + 1, next_attempt_at = %(again_at)s
FROM notification_channels c
WHERE c.id = n.channel_id AND n.id = (
    SELECT id FROM notifications
    WHERE (next_attempt_at <= %(now)s OR next_attempt_at > %(never_after)s) AND (%(id)s::bigint IS NULL OR id = %(id)s)
    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING n.id, n.attempts, n.message, c.id AS channel_id, c.kind, c.target, c.language, c.created_at

-- name: delivered
UPDATE notifications SET delivered_at = %(now)s, next_attempt_at = NULL, last_error = NULL WHERE id = %(id)s

-- name: failed
UPDATE notifications SET next_attempt_at = %(again_at)s, last_error = %(error)s WHERE id = %(id)s

-- name: forget
DELETE FROM notifications WHERE created_at < %(before)s AND next_attempt_at IS NULL
