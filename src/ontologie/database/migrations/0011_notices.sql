-- What the whole installation has to say to everybody who looks, while it is true.

CREATE TABLE notices (
    code text PRIMARY KEY,
    params jsonb NOT NULL DEFAULT '{}',
    since timestamptz NOT NULL
);
