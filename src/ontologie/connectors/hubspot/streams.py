"""What can be read from HubSpot. Adding an object type is one row of ``OBJECT_TYPES`` (and its pairs)."""

import re
from collections.abc import Sequence

import msgspec

from ontologie.model.stream import AssociationPair, Stream


class ObjectType(msgspec.Struct, frozen=True, kw_only=True):
    """One object type. ``scope`` is what to grant when HubSpot refuses it (hubspot-api.md, section 3)."""

    name: str
    scope: str
    modified: str = "hs_lastmodifieddate"
    """The property that searches filter on. The wrong one matches nothing, without an error."""
    pipelines: bool = False
    also: tuple[str, ...] = ()
    """Scopes that it takes besides."""


_CUSTOM = re.compile(r"p\d+_[a-z0-9_]+")
"""The fully qualified name of a custom object, such as ``p145000000_cars``: what the API takes as its type."""

OBJECT_TYPES = {
    item.name: item
    for item in (
        ObjectType(name="contacts", scope="crm.objects.contacts.read", modified="lastmodifieddate"),
        ObjectType(name="companies", scope="crm.objects.companies.read"),
        ObjectType(name="deals", scope="crm.objects.deals.read", pipelines=True),
        ObjectType(name="tickets", scope="tickets", pipelines=True),
        # The 403 names scopes that users cannot select; this is the one that helps.
        ObjectType(name="emails", scope="sales-email-read", also=("crm.objects.contacts.read",)),
        ObjectType(name="calls", scope="crm.objects.contacts.read"),
        ObjectType(name="notes", scope="crm.objects.contacts.read"),
        ObjectType(name="tasks", scope="crm.objects.contacts.read"),
        ObjectType(name="meetings", scope="crm.objects.contacts.read"),
        ObjectType(name="products", scope="crm.objects.products.read", also=("e-commerce",)),
        ObjectType(name="line_items", scope="crm.objects.line_items.read", also=("e-commerce",)),
    )
}
ENGAGEMENTS = ("emails", "calls", "notes", "tasks", "meetings")
STREAMS: tuple[Stream, ...] = (
    Stream(name="contacts", object_types=("contacts",)),
    Stream(name="companies", object_types=("companies",)),
    Stream(name="deals", object_types=("deals",)),
    Stream(name="tickets", object_types=("tickets",)),
    Stream(name="engagements", object_types=ENGAGEMENTS),
    Stream(name="products", object_types=("products",), optional=True),
    Stream(name="line_items", object_types=("line_items",), optional=True),
)


def is_custom(name: str) -> bool:
    """The name is one of a custom object's stream, which only some accounts have."""
    return _CUSTOM.fullmatch(name) is not None


def find_streams(names: Sequence[str]) -> tuple[Stream, ...]:
    """See :meth:`ontologie.connectors.contract.Connector.find_streams`."""
    custom = sorted({name for name in names if is_custom(name)})
    return (
        *(stream for stream in STREAMS if stream.name in names),
        *(Stream(name=name, object_types=(name,), optional=True) for name in custom),
    )


def object_type(name: str) -> ObjectType:
    """What is known of an object type; a custom object is like any other but for its scope."""
    return OBJECT_TYPES.get(name) or ObjectType(name=name, scope="crm.objects.custom.read")


# Each pair once, from the side with fewer links per record.
_PAIRS = (
    ("contacts", "companies"),
    ("deals", "contacts"),
    ("deals", "companies"),
    ("deals", "line_items"),
    ("tickets", "contacts"),
    ("tickets", "companies"),
    ("tickets", "deals"),
    *((engagement, to) for engagement in ENGAGEMENTS for to in ("contacts", "companies", "deals", "tickets")),
)
PAIRS = tuple(AssociationPair(from_type=from_type, to_type=to_type) for from_type, to_type in _PAIRS)
