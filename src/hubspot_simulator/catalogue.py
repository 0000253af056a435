"""The object types of a portal: their names in paths, ids, scopes and special properties.

Source: HubSpot's object type table and scopes, 2026-09 specification.
"""

import functools

import msgspec


class ObjectType(msgspec.Struct, frozen=True, kw_only=True):
    """One object type. ``scopes``: every group must be met, by any one scope of the group."""

    name: str
    singular: str
    type_id: str
    scopes: tuple[tuple[str, ...], ...]
    created_property: str = "hs_createdate"
    modified_property: str = "hs_lastmodifieddate"
    search_properties: tuple[str, ...] = ()
    id_digits: int
    id_stride: int = 1_009

    @property
    def default_properties(self) -> tuple[str, ...]:
        """Returned whatever a caller asks for."""
        return (self.created_property, "hs_object_id", self.modified_property)

    @property
    def schema_write_scope(self) -> str:
        """What changing its properties takes."""
        return self.scopes[0][0].replace("crm.objects.", "crm.schemas.").replace(".read", ".write")


_CONTACTS_READ = (("crm.objects.contacts.read",),)
_TICKET_SEARCH = ("content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_category", "hs_ticket_priority", "subject")


def _engagement(name: str, singular: str, type_id: str, id_digits: int) -> ObjectType:
    return ObjectType(name=name, singular=singular, type_id=type_id, scopes=_CONTACTS_READ, id_digits=id_digits)


def _empty(name: str, singular: str, type_id: str, *scopes: str) -> ObjectType:
    """A type that the account knows and holds no record of, until one is created."""
    return ObjectType(
        name=name, singular=singular, type_id=type_id, scopes=tuple((each,) for each in scopes), id_digits=12
    )


TYPES: tuple[ObjectType, ...] = (
    ObjectType(
        name="contacts",
        singular="contact",
        type_id="0-1",
        scopes=_CONTACTS_READ,
        created_property="createdate",
        modified_property="lastmodifieddate",
        search_properties=("firstname", "lastname", "email"),
        id_digits=12,
    ),
    ObjectType(
        name="companies",
        singular="company",
        type_id="0-2",
        scopes=(("crm.objects.companies.read",),),
        created_property="createdate",
        search_properties=("name", "domain"),
        id_digits=14,
        id_stride=40_009,
    ),
    ObjectType(
        name="deals",
        singular="deal",
        type_id="0-3",
        scopes=(("crm.objects.deals.read",),),
        created_property="createdate",
        search_properties=("dealname", "amount", "closedate", "pipeline", "dealstage"),
        id_digits=13,
    ),
    ObjectType(
        name="tickets",
        singular="ticket",
        type_id="0-5",
        scopes=(("tickets",),),
        created_property="createdate",
        search_properties=_TICKET_SEARCH,
        id_digits=12,
    ),
    ObjectType(
        name="emails",
        singular="email",
        type_id="0-49",
        scopes=(("crm.objects.contacts.read",), ("sales-email-read",)),
        id_digits=13,
    ),
    _engagement("calls", "call", "0-48", 12),
    _engagement("notes", "note", "0-46", 13),
    _engagement("tasks", "task", "0-27", 14),
    _engagement("meetings", "meeting", "0-47", 12),
    _engagement("communications", "communication", "0-18", 13),
    ObjectType(
        name="products",
        singular="product",
        type_id="0-7",
        scopes=(("crm.objects.products.read",), ("e-commerce",)),
        created_property="createdate",
        id_digits=12,
    ),
    ObjectType(
        name="line_items",
        singular="line_item",
        type_id="0-8",
        scopes=(("crm.objects.line_items.read",), ("e-commerce",)),
        created_property="createdate",
        id_digits=13,
    ),
    ObjectType(
        name="cars",
        singular="car",
        type_id="2-1",
        scopes=(("crm.objects.custom.read",),),
        id_digits=12,
    ),
    _empty("postal_mail", "postal_mail", "0-116", "crm.objects.contacts.read"),
    _empty("quotes", "quote", "0-14", "crm.objects.quotes.read", "e-commerce"),
    _empty("leads", "lead", "0-136", "crm.objects.leads.read"),
    _empty("orders", "order", "0-123", "crm.objects.orders.read"),
    _empty("invoices", "invoice", "0-53", "crm.objects.invoices.read"),
    _empty("users", "user", "0-115", "crm.objects.users.read"),
    _empty("subscriptions", "subscription", "0-69", "crm.objects.subscriptions.read"),
    _empty("feedback_submissions", "feedback_submission", "0-19", "crm.objects.feedback_submissions.read"),
    _empty("projects", "project", "0-970", "crm.objects.projects.read"),
    _empty("deal_splits", "deal_split", "0-72", "crm.objects.deals.read"),
    _empty("forms", "form", "0-28", "forms"),
    _empty("goal_targets", "goal_target", "0-74", "crm.objects.goals.read"),
)
BY_NAME: dict[str, ObjectType] = {kind.name: kind for kind in TYPES}
ENGAGEMENTS: tuple[str, ...] = ("emails", "calls", "notes", "tasks", "meetings", "communications")
CUSTOM: tuple[str, ...] = ("cars",)


@functools.lru_cache(maxsize=32)
def _spellings(portal_id: int, custom_name: str) -> dict[str, ObjectType]:
    known: dict[str, ObjectType] = {}
    for kind in TYPES:
        for spelling in (kind.name, kind.singular, kind.type_id):
            known[spelling] = kind
    for name in CUSTOM:
        known[f"p{portal_id}_{custom_name}".lower()] = BY_NAME[name]
        known[f"p_{custom_name}".lower()] = BY_NAME[name]
    return known


def find(spelling: str, portal_id: int, custom_name: str) -> ObjectType | None:
    """The type a path names: singular, plural, id or fully qualified name, in any case; None when unknown."""
    return _spellings(portal_id, custom_name).get(spelling.lower())
