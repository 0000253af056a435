-- name: hurry
UPDATE procrastinate_jobs SET priority = %(priority)s
WHERE queueing_lock = %(lock)s AND status = 'todo' AND priority < %(priority)s
