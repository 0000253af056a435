-- How much of the account's request budgets a run used when it last wrote.

ALTER TABLE runs ADD COLUMN budgets jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN runs.budgets IS 'Per budget: its limit in force, and the requests of its last window.';
