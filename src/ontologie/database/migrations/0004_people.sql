-- People: how they log in, where they are logged in, and how often somebody guessed.

ALTER TABLE users ADD COLUMN email text, ADD COLUMN last_login_at timestamptz;
CREATE UNIQUE INDEX users_by_email ON users (lower(email));

-- "Ana" and "ana" were two people until now: the one who came first keeps the name, the next is "ana (2)".
DO $$
DECLARE
    twin record;
    number integer;
BEGIN
    FOR twin IN
        SELECT id, name FROM users u
        WHERE EXISTS (SELECT FROM users o WHERE lower(o.name) = lower(u.name) AND o.id < u.id) ORDER BY id
    LOOP
        number := 2;
        WHILE EXISTS (SELECT FROM users WHERE lower(name) = lower(format('%s (%s)', twin.name, number))) LOOP
            number := number + 1;
        END LOOP;
        UPDATE users SET name = format('%s (%s)', twin.name, number) WHERE id = twin.id;
    END LOOP;
END $$;
CREATE UNIQUE INDEX users_by_name ON users (lower(name));

ALTER TABLE sessions
    ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    ADD COLUMN last_seen_at timestamptz,
    ADD COLUMN device text NOT NULL DEFAULT '',
    ADD COLUMN address text NOT NULL DEFAULT '';
CREATE INDEX sessions_by_user ON sessions (user_id);

-- Failed logins, counted where every web process sees them: per account and per client address.
CREATE TABLE login_failures (
    subject bytea PRIMARY KEY,
    failures integer NOT NULL,
    since timestamptz NOT NULL
);
