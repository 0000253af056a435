-- People: how they log in, where they are logged in, and how often somebody guessed.

ALTER TABLE users ADD COLUMN email text, ADD COLUMN last_login_at timestamptz;
CREATE UNIQUE INDEX users_by_email ON users (lower(email));
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
