-- Candidates that came live all the same, older than they are stored or named as parts of others: to be asked about, and no
-- disappearance. Run with the source's schema as search path.
ALTER TABLE _absent ADD COLUMN shown boolean NOT NULL DEFAULT false;

-- Records that the account names as parts of others, and has live by their own ids: they are parts of none.
CREATE TABLE _living_parts (
    object_type text NOT NULL,
    id bigint NOT NULL,
    PRIMARY KEY (object_type, id)
);
