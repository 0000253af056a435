-- name: raise_
INSERT INTO notices (code, params, since) VALUES (%(code)s, %(params)s, %(now)s)
ON CONFLICT (code) DO UPDATE SET params = excluded.params

-- name: clear
DELETE FROM notices WHERE code = %(code)s

-- name: all
SELECT * FROM notices ORDER BY since
