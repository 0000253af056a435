-- What a run has read to its end, per object type: the windows of changes, the list of deleted records, a full check.

ALTER TABLE run_objects ADD COLUMN covered jsonb NOT NULL DEFAULT '[]';
