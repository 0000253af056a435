-- What an account calls its own object types: by their qualified name, one of them ("one") and several ("many").

ALTER TABLE sources ADD COLUMN called jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN sources.called IS 'By the qualified name of each of the account''s own object types: what it calls one, and several.';
