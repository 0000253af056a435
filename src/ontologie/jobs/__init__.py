"""Durable work: a job is only a wake-up, the truth is the ``runs`` table."""
