"""The table of streams: every object type that can be read, one row each. Adding a type is adding a row.

Numbers, scopes and the modified property are HubSpot's (hubspot-api.md, section 3). Custom objects have no row: what
they are called differs from account to account.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from ontologie.model.schema import MAX_IDENTIFIER_BYTES

_CUSTOM = re.compile(r"p\d+_(?P<name>[A-Za-z][A-Za-z0-9_-]*)")
"""A custom object's fully qualified name, such as ``p145000000_cars``, which the API takes as its type. HubSpot keeps
the capitals and hyphens that it was given."""
_NUMBERED = re.compile(r"2-[0-9]{1,18}")
"""A custom object's id, ``2-123``, which the API takes as well: it stands for a name that is too long for a table."""


def is_custom(name: str) -> bool:
    """The name is one of an account's own object type, and may be a table's."""
    named = _CUSTOM.fullmatch(name) is not None and len(name) <= MAX_IDENTIFIER_BYTES
    return named or _NUMBERED.fullmatch(name) is not None


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """What an account calls a type of its own, in whatever language: one of its records, and several."""

    one: str
    many: str


def label_of(name: str, own: Mapping[str, Called]) -> str:
    """What people call an object type or stream of the account's ``own``; other names as they are."""
    return own[name].many if name in own else readable(name)


def named(params: Mapping[str, str | int], own: Mapping[str, Called]) -> dict[str, str | int]:
    """A diagnosis's parameters, with the object type as people call it."""
    kind = params.get("object_type")
    return dict(params) if kind is None else {**params, "object_type": label_of(str(kind), own)}


def readable(name: str) -> str:
    """What the account named its custom object, without the number before it: ``Cars``. Other names as they are."""
    custom = _CUSTOM.fullmatch(name)
    if custom is None:
        return name
    words = custom["name"].rstrip("_").replace("_", " ")
    return words[:1].upper() + words[1:]


class ObjectType(msgspec.Struct, frozen=True, kw_only=True):
    """One object type, and the stream that reads it."""

    name: str
    number: int | None = None
    """HubSpot's own, of ``0-N``: what stands for the type in ``associations``. None: a custom object."""
    scope: str
    """What to grant when HubSpot refuses it."""
    also: tuple[str, ...] = ()
    """Scopes that it takes besides."""
    modified: str = "hs_lastmodifieddate"
    """The property that searches filter on. The wrong one matches nothing, without an error."""
    pipelines: bool = False
    stream: str = ""
    """The group that reads it; empty: a stream of its own, with its name."""
    optional: bool = False
    """Not read unless asked for by name."""
    links_to: tuple[str, ...] = ()
    """The types whose links are read from here. Each pair once, from the side with fewer links per record."""


_RECORDS = ("contacts", "companies", "deals", "tickets")
_COMMERCE = "e-commerce"
_CONTACTS_READ = "crm.objects.contacts.read"

OBJECT_TYPES = (
    ObjectType(name="contacts", number=1, scope=_CONTACTS_READ, modified="lastmodifieddate", links_to=("companies",)),
    ObjectType(name="companies", number=2, scope="crm.objects.companies.read"),
    ObjectType(
        name="deals",
        number=3,
        scope="crm.objects.deals.read",
        pipelines=True,
        links_to=("contacts", "companies", "line_items"),
    ),
    ObjectType(
        name="tickets", number=5, scope="tickets", pipelines=True, links_to=("contacts", "companies", "deals")
    ),
    # The 403 names scopes that users cannot select; this is the one that helps.
    ObjectType(
        name="emails",
        number=49,
        scope="sales-email-read",
        also=(_CONTACTS_READ,),
        stream="engagements",
        links_to=_RECORDS,
    ),
    ObjectType(name="calls", number=48, scope=_CONTACTS_READ, stream="engagements", links_to=_RECORDS),
    ObjectType(name="notes", number=46, scope=_CONTACTS_READ, stream="engagements", links_to=_RECORDS),
    ObjectType(name="tasks", number=27, scope=_CONTACTS_READ, stream="engagements", links_to=_RECORDS),
    ObjectType(name="meetings", number=47, scope=_CONTACTS_READ, stream="engagements", links_to=_RECORDS),
    ObjectType(name="products", number=7, scope="crm.objects.products.read", also=(_COMMERCE,), optional=True),
    ObjectType(name="line_items", number=8, scope="crm.objects.line_items.read", also=(_COMMERCE,), optional=True),
    ObjectType(
        name="quotes",
        number=14,
        scope="crm.objects.quotes.read",
        also=(_COMMERCE,),
        optional=True,
        links_to=("deals",),
    ),
    ObjectType(name="leads", number=136, scope="crm.objects.leads.read", optional=True, links_to=("contacts",)),
)
NUMBERS = MappingProxyType({item.name: item.number for item in OBJECT_TYPES if item.number is not None})
ENGAGEMENTS = tuple(item.name for item in OBJECT_TYPES if item.stream == "engagements")
"""What one view shows together."""
