"""The customer's data: one PostgreSQL schema per source, typed tables, load, sweep, views."""
