"""One asynchronous API client: request budgets, retries, bearer tokens. Knows no vendor."""
