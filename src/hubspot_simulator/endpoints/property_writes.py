"""Creating, changing and archiving properties and their groups."""

import re
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from hubspot_simulator.call import Call, Reply, ok
from hubspot_simulator.data.definitions import Group, Property
from hubspot_simulator.endpoints.definitions import group_reply, property_reply
from hubspot_simulator.endpoints.objects import check_batch_size, envelope_tail
from hubspot_simulator.endpoints.routes import Handler, Route, crm
from hubspot_simulator.errors import already_exists, invalid, missing_scopes, not_found
from hubspot_simulator.store import ObjectStore

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
_CUSTOM_LIMIT, _UNIQUE_LIMIT, _BATCH_LIMIT = 1_000, 10, 100
_ANY_TEXT = ("file", "text", "textarea", "html", "phonenumber", "calculation_equation")
FIELD_TYPES: dict[str, tuple[str, ...]] = {
    "bool": ("booleancheckbox", "calculation_equation"),
    "enumeration": ("booleancheckbox", "checkbox", "radio", "select", "calculation_equation"),
    "date": ("date",),
    "datetime": ("date",),
    "string": _ANY_TEXT,
    "number": ("number", "calculation_equation"),
    "phone_number": ("phonenumber", "text"),
}
Type = Literal["bool", "enumeration", "date", "datetime", "string", "number", "phone_number"]
Sensitivity = Literal["non_sensitive", "sensitive", "highly_sensitive"]


class _Option(msgspec.Struct, rename="camel"):
    label: str
    value: str
    display_order: int = -1
    hidden: bool = False


class _Create(msgspec.Struct, rename="camel"):
    name: str
    label: str
    type: Type
    field_type: str
    group_name: str
    description: str = ""
    options: list[_Option] = []
    has_unique_value: bool = False
    hidden: bool = False
    external_options: bool = False
    referenced_object_type: str | None = None
    data_sensitivity: Sensitivity = "non_sensitive"


class _Change(msgspec.Struct, rename="camel"):
    label: str | None = None
    type: Type | None = None
    field_type: str | None = None
    group_name: str | None = None
    description: str | None = None
    options: list[_Option] | None = None
    hidden: bool | None = None


class _Named(msgspec.Struct):
    name: str


class _Creates(msgspec.Struct):
    inputs: list[_Create]


class _Names(msgspec.Struct):
    inputs: list[_Named]


class _Group(msgspec.Struct, rename="camel"):
    name: str
    label: str
    display_order: int = -1


class _GroupChange(msgspec.Struct, rename="camel"):
    label: str | None = None
    display_order: int | None = None


def _writable(portal: "Portal", call: Call) -> ObjectStore:
    store = portal.store(call.parameters["type"])
    wanted = store.kind.schema_write_scope
    if wanted not in call.grant.scopes:
        raise missing_scopes((wanted,))
    return store


def _check(store: ObjectStore, kind: str, field_type: str, group: str) -> None:
    if field_type not in FIELD_TYPES[kind]:
        allowed = ", ".join(FIELD_TYPES[kind])
        raise invalid(f"Property of type {kind} has the field types {allowed}, not {field_type[:60]}")
    if group not in store.groups:
        raise invalid(f"Property group {group[:100]} does not exist")


def _options(options: list[_Option]) -> tuple[tuple[str, str], ...]:
    if len({option.value for option in options}) < len(options):
        raise invalid("Property options must have different values")
    return tuple((option.value, option.label) for option in sorted(options, key=lambda option: option.display_order))


def _create(portal: "Portal", store: ObjectStore, wanted: _Create) -> Property:
    """Define it; an archived one of that name comes back, changed to what is asked."""
    if _NAME.fullmatch(wanted.name) is None:
        raise invalid(f"Property name '{wanted.name[:100]}' must be lower-case letters, digits and underscores")
    known = store.properties.get(wanted.name)
    if known is not None and known.archived_ms is None:
        message = f"A property named '{wanted.name}' already exists."
        raise already_exists(message, "Properties.PROPERTY_WITH_NAME_EXISTS")
    _check(store, wanted.type, wanted.field_type, wanted.group_name)
    custom = [each for each in store.properties.values() if not each.hubspot_defined and each.archived_ms is None]
    if len(custom) >= _CUSTOM_LIMIT:
        raise invalid(f"At most {_CUSTOM_LIMIT} custom properties are allowed for an object type")
    if wanted.has_unique_value and sum(each.unique for each in custom) >= _UNIQUE_LIMIT:
        raise invalid(f"At most {_UNIQUE_LIMIT} unique properties are allowed for an object type")
    now_ms = portal.clock.now_ms()
    made = Property(
        name=wanted.name,
        label=wanted.label,
        type=wanted.type,
        field_type=wanted.field_type,
        group=wanted.group_name,
        description=wanted.description,
        options=_options(wanted.options),
        calculated=wanted.field_type == "calculation_equation",
        read_only=wanted.field_type == "calculation_equation",
        hubspot_defined=False,
        hidden=wanted.hidden,
        unique=wanted.has_unique_value,
        external_options=wanted.external_options,
        referenced_object_type=wanted.referenced_object_type,
        sensitivity=wanted.data_sensitivity,
        created_ms=now_ms if known is None else known.created_ms,
        updated_ms=now_ms,
    )
    store.define(made)
    return made


def _shown(store: ObjectStore, definition: Property) -> dict[str, Any]:
    return property_reply(definition, list(store.properties).index(definition.name))


def create(portal: "Portal", call: Call) -> Reply:
    """``POST /crm/properties/2026-09/{type}``: 201."""
    store = _writable(portal, call)
    return ok(_shown(store, _create(portal, store, call.json(_Create))), 201)


def batch_create(portal: "Portal", call: Call) -> Reply:
    """``POST …/batch/create``: 201; stops at the first that is refused."""
    store, body = _writable(portal, call), call.json(_Creates)
    check_batch_size(len(body.inputs), _BATCH_LIMIT)
    made = [_shown(store, _create(portal, store, each)) for each in body.inputs]
    head = b'{"status":"COMPLETE","results":' + msgspec.json.encode(made) + b","
    return Reply(201, head + envelope_tail(portal, []))


def _existing(store: ObjectStore, name: str) -> Property:
    found = store.properties.get(name)
    if found is None or found.archived_ms is not None:
        raise not_found(f"Property {name[:100]} does not exist")
    return found


def update(portal: "Portal", call: Call) -> Reply:
    """``PATCH …/{name}``: only custom properties may change [?]."""
    store = _writable(portal, call)
    known, wanted = _existing(store, call.parameters["name"]), call.json(_Change)
    _check_custom(known)
    kind, field_type = wanted.type or known.type, wanted.field_type or known.field_type
    group = wanted.group_name or known.group
    if kind in FIELD_TYPES:
        _check(store, kind, field_type, group)
    changed = msgspec.structs.replace(
        known,
        label=known.label if wanted.label is None else wanted.label,
        description=known.description if wanted.description is None else wanted.description,
        hidden=known.hidden if wanted.hidden is None else wanted.hidden,
        options=known.options if wanted.options is None else _options(wanted.options),
        type=kind,
        field_type=field_type,
        group=group,
        updated_ms=portal.clock.now_ms(),
    )
    store.define(changed)
    return ok(_shown(store, changed))


def _check_custom(definition: Property) -> None:
    if definition.hubspot_defined:
        raise invalid(f"Property {definition.name} is defined by HubSpot and cannot be changed or archived")


def archive(portal: "Portal", call: Call) -> Reply:
    """``DELETE …/{name}``: 204."""
    store = _writable(portal, call)
    _check_custom(_existing(store, call.parameters["name"]))
    portal.events.archive_property(store.kind.name, call.parameters["name"])
    return Reply(204)


def batch_archive(portal: "Portal", call: Call) -> Reply:
    """``POST …/batch/archive``: 204; unknown names are passed over."""
    store, body = _writable(portal, call), call.json(_Names)
    check_batch_size(len(body.inputs), _BATCH_LIMIT)
    found = [store.properties[each.name] for each in body.inputs if each.name in store.properties]
    for definition in found:
        _check_custom(definition)
    for definition in found:
        portal.events.archive_property(store.kind.name, definition.name)
    return Reply(204)


def create_group(portal: "Portal", call: Call) -> Reply:
    """``POST …/groups``: 201."""
    store, wanted = _writable(portal, call), call.json(_Group)
    if _NAME.fullmatch(wanted.name) is None:
        raise invalid(f"Group name '{wanted.name[:100]}' must be lower-case letters, digits and underscores")
    if wanted.name in store.groups:
        raise already_exists(f"A property group named '{wanted.name}' already exists.", "Properties.GROUP_EXISTS")
    order = len(store.groups) if wanted.display_order < 0 else wanted.display_order
    made = store.groups[wanted.name] = Group(name=wanted.name, label=wanted.label, display_order=order)
    return ok(group_reply(made), 201)


def update_group(portal: "Portal", call: Call) -> Reply:
    """``PATCH …/groups/{group}``."""
    store, wanted = _writable(portal, call), call.json(_GroupChange)
    known = store.groups.get(call.parameters["group"])
    if known is None:
        raise not_found()
    changed = Group(
        name=known.name,
        label=known.label if wanted.label is None else wanted.label,
        display_order=known.display_order if wanted.display_order is None else wanted.display_order,
    )
    store.groups[known.name] = changed
    return ok(group_reply(changed))


def archive_group(portal: "Portal", call: Call) -> Reply:
    """``DELETE …/groups/{group}``: 204; 400 while properties are in it [?]."""
    store, name = _writable(portal, call), call.parameters["group"]
    if name not in store.groups:
        raise not_found()
    used = [each.name for each in store.properties.values() if each.group == name and each.archived_ms is None]
    if used:
        raise invalid(f"Property group {name} still has the properties {', '.join(used[:5])}")
    del store.groups[name]
    return Reply(204)


_ENDPOINTS: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/{type}/batch/create", batch_create),
    ("POST", "/{type}/batch/archive", batch_archive),
    ("POST", "/{type}/groups", create_group),
    ("PATCH", "/{type}/groups/{group}", update_group),
    ("DELETE", "/{type}/groups/{group}", archive_group),
    ("POST", "/{type}", create),
    ("PATCH", "/{type}/{name}", update),
    ("DELETE", "/{type}/{name}", archive),
)
ROUTES = [
    Route(method=method, path=path, handler=handler, family="properties")
    for method, rest, handler in _ENDPOINTS
    for path in crm("properties", rest)
]
