-- Records whose links to a type the account has refused: asked again with each run. Run with the source's schema as search path.
CREATE TABLE _unlinked (
    object_type text NOT NULL,
    to_type text NOT NULL,
    id bigint NOT NULL,
    PRIMARY KEY (object_type, to_type, id)
);
