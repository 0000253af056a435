"""The pages: server-rendered, thin; every rule is in the services."""
