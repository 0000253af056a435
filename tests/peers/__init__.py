"""Connectors that nobody here wrote, each syncing the simulated portal from an environment of its own."""
