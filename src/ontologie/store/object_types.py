"""The numbers that stand for object types in ``associations``: HubSpot's own, of ``0-N``."""

from types import MappingProxyType

NUMBERS = MappingProxyType(
    {
        "contacts": 1,
        "companies": 2,
        "deals": 3,
        "tickets": 5,
        "products": 7,
        "line_items": 8,
        "tasks": 27,
        "notes": 46,
        "meetings": 47,
        "calls": 48,
        "emails": 49,
    }
)

ENGAGEMENTS = ("emails", "calls", "notes", "tasks", "meetings")
"""What one view shows together."""
