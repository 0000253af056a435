"""Ontologie Live Data: a company's HubSpot account, whole, fresh and queryable in a PostgreSQL it owns."""

__version__ = "0.1.0"
