"""The REST API under /api/v1, for programs: thin, as the pages are; every rule is in the services."""
