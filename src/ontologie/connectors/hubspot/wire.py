"""HubSpot's JSON as structs: only what we read. Every field that may be missing has a default."""

from datetime import datetime
from typing import Annotated, Any

import msgspec


class _Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Camel case on the wire, snake case here."""


class Next(_Wire, frozen=True, kw_only=True):
    after: str


class Paging(_Wire, frozen=True, kw_only=True):
    next: Next | None = None


RecordId = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}$")]
"""Ids can pass 15 digits (section 11, 9); 18 fit in 64 bits."""


class WireRecord(_Wire, frozen=True, kw_only=True):
    id: RecordId
    properties: dict[str, str | None]
    created_at: datetime | None = None
    updated_at: datetime | None = None
    archived_at: datetime | None = None
    archived: bool = False


class Unusable(WireRecord, frozen=True, kw_only=True):
    """A record that has an id and cannot be stored. It travels with its page, without values and dates."""

    reason: str
    sent: str
    """What was sent, as JSON."""


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """Something between the records of a page that is none: it has no id to be known by."""

    reason: str
    sent: str


class RecordPage(_Wire, frozen=True, kw_only=True):
    """A page of a list, a search or a batch read. ``total`` only in searches."""

    results: tuple[WireRecord, ...]
    paging: Paging | None = None
    total: int = 0
    errors: Any = None
    """Of a batch read: what became of the ids that are not in it. Of any shape."""

    @property
    def after(self) -> str | None:
        """The cursor of the next page; None on the last."""
        return self.paging.next.after if self.paging and self.paging.next else None


class MixedPage(RecordPage, frozen=True, kw_only=True):
    """A page that was not as promised everywhere."""

    unreadable: tuple[Unreadable, ...] = ()


class WireOption(_Wire, frozen=True, kw_only=True):
    label: str = ""
    value: str = ""
    display_order: int = 0


class WireProperty(_Wire, frozen=True, kw_only=True):
    name: str
    label: str = ""
    type: str = "string"
    field_type: str = ""
    group_name: str = ""
    description: str = ""
    calculated: bool = False
    hubspot_defined: bool = False
    referenced_object_type: str | None = None
    options: tuple[WireOption, ...] = ()
    archived: bool = False


class PropertyList(_Wire, frozen=True, kw_only=True):
    results: tuple[WireProperty, ...]


class WireStage(_Wire, frozen=True, kw_only=True):
    id: str
    label: str = ""
    display_order: int = 0
    metadata: dict[str, str | None] = {}
    archived: bool = False


class WirePipeline(_Wire, frozen=True, kw_only=True):
    id: str
    label: str = ""
    display_order: int = 0
    archived: bool = False
    stages: tuple[WireStage, ...] = ()


class PipelineList(_Wire, frozen=True, kw_only=True):
    results: tuple[WirePipeline, ...]


class WireOwner(_Wire, frozen=True, kw_only=True):
    id: RecordId
    email: str | None = None
    type: str = "PERSON"
    first_name: str | None = None
    last_name: str | None = None
    user_id: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    archived: bool = False


class OwnerPage(_Wire, frozen=True, kw_only=True):
    results: tuple[WireOwner, ...]
    paging: Paging | None = None


class WireLabel(_Wire, frozen=True, kw_only=True):
    category: str
    type_id: int
    label: str | None = None


class LabelList(_Wire, frozen=True, kw_only=True):
    results: tuple[WireLabel, ...]


class LinkEnd(_Wire, frozen=True, kw_only=True):
    """``toObjectId`` is a string in the specification and a number on the wire."""

    to_object_id: Annotated[int, msgspec.Meta(ge=0, lt=10**18)] | RecordId
    association_types: tuple[WireLabel, ...] = ()


class LinkStart(_Wire, frozen=True, kw_only=True):
    id: RecordId


class LinkResult(_Wire, frozen=True, kw_only=True):
    from_: LinkStart = msgspec.field(name="from")
    to: tuple[LinkEnd, ...] = ()
    paging: Paging | None = None


class LinkPage(_Wire, frozen=True, kw_only=True):
    results: tuple[LinkResult, ...] = ()
    errors: Any = None
    """What became of the ids that are not in it. Of any shape."""


class ObjectLabels(_Wire, frozen=True, kw_only=True):
    singular: str = ""
    plural: str = ""


class CustomObject(_Wire, frozen=True, kw_only=True):
    fully_qualified_name: str
    object_type_id: str = ""
    labels: ObjectLabels = ObjectLabels()


class CustomObjectList(_Wire, frozen=True, kw_only=True):
    results: tuple[CustomObject, ...] = ()


class TokenInfo(_Wire, frozen=True, kw_only=True):
    hub_id: int
    app_id: int | None = None
    scopes: tuple[str, ...] = ()
    hub_domain: str = ""
    """Only OAuth tokens tell."""


class AccountDetails(_Wire, frozen=True, kw_only=True):
    portal_id: int
    portal_name: str = ""
    account_type: str = ""
    time_zone: str = "UTC"
    company_currency: str = ""
    ui_domain: str = ""
    data_hosting_location: str = ""


class ErrorBody(_Wire, frozen=True, kw_only=True):
    """An error. Anything may be missing, or of another shape than documented."""

    message: str = ""
    category: str = ""
    policy_name: str = ""
    errors: Any = None
    context: Any = None


def read_error(body: bytes) -> ErrorBody:
    """The error body as far as it can be read, field by field; an empty one for HTML and the like."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ErrorBody()
    if not isinstance(found, dict):
        return ErrorBody()
    texts = {
        field.name: found[field.encode_name]
        for field in msgspec.structs.fields(ErrorBody)
        if field.type is str and isinstance(found.get(field.encode_name), str)
    }
    return ErrorBody(**texts, errors=found.get("errors"), context=found.get("context"))


def scopes_of(error: ErrorBody) -> tuple[str, ...]:
    """The scopes that a 403 names; any one of them would do."""
    contexts = [error.context]
    if isinstance(error.errors, list):
        contexts += [item.get("context") for item in error.errors if isinstance(item, dict)]
    for context in contexts:
        if isinstance(context, dict):
            for key in ("requiredGranularScopes", "requiredScopes", "missingScopes"):
                if isinstance(context.get(key), list):
                    return tuple(str(scope) for scope in context[key])
    return ()
