"""The scopes that an app may ask an account for."""

_OBJECTS = ("contacts", "companies", "deals", "tickets", "line_items", "products", "quotes", "custom", "owners")
_OTHERS = (
    "oauth", "tickets", "contacts", "forms", "content", "sales-email-read", "e-commerce",
    "crm.lists.read", "crm.lists.write", "crm.export",
    "crm.import", "connected-email-data-access", "developer.webhooks_journal.read",
    "developer.webhooks_journal.subscriptions.read", "developer.webhooks_journal.subscriptions.write",
    "developer.webhooks_journal.snapshots.read", "developer.webhooks_journal.snapshots.write",
)  # fmt: skip
_KINDS = ("orders", "invoices", "leads", "users", "projects", "carts", "goals", "subscriptions", "feedback_submissions")

KNOWN_SCOPES: frozenset[str] = frozenset(
    [
        *_OTHERS,
        *(
            f"crm.{part}.{name}{sensitive}.{act}"
            for part in ("objects", "schemas")
            for name in (*_OBJECTS, *_KINDS)
            for sensitive in ("", ".sensitive", ".highly_sensitive")
            for act in ("read", "write")
        ),
    ]
)
"""Asking for another one is refused, as HubSpot refuses an install link with a scope that does not exist."""
