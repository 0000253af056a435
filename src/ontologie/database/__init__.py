"""PostgreSQL: the embedded server, the pool, the migrations, and our own tables (one module each)."""
