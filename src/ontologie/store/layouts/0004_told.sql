-- What was told when something was last read, as a fingerprint. Run with the source's schema as search path.

ALTER TABLE _rhythms ADD COLUMN told bytea;
