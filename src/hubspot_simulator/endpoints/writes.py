"""Creating, updating, archiving and merging records. Needs the write scopes, which no token has by default."""

from typing import TYPE_CHECKING, Any

import msgspec

from hubspot_simulator.call import Call, Reply, Sent, as_text
from hubspot_simulator.data.definitions import Value
from hubspot_simulator.endpoints.association_writes import Association, link_new, target_of
from hubspot_simulator.endpoints.objects import check_batch_size, envelope_tail, resolve
from hubspot_simulator.endpoints.routes import Handler, Route, crm
from hubspot_simulator.errors import ApiError, invalid, missing_scopes, not_found
from hubspot_simulator.store import ObjectStore

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

_BATCH_LIMIT = 100
_IDENTITIES = 250


class _Write(msgspec.Struct):
    given: str | int = msgspec.field(name="id", default="")
    properties: dict[str, Sent] = {}
    associations: list[Association] = []

    @property
    def id(self) -> str:
        """The id as text."""
        return str(self.given)


class _Upsert(msgspec.Struct, rename="camel"):
    given: str | int = msgspec.field(name="id")
    properties: dict[str, Sent]
    id_property: str | None = None


class _Upserts(msgspec.Struct):
    inputs: list[_Upsert]


class _Batch(msgspec.Struct):
    inputs: list[_Write]


class _Merge(msgspec.Struct, rename="camel"):
    primary_object_id: str | int
    object_id_to_merge: str | int


class _Erase(msgspec.Struct, rename="camel"):
    object_id: str
    id_property: str | None = None


def _writable(portal: "Portal", call: Call) -> ObjectStore:
    """The store of the path's type; 403 without the write scope of each of its read scopes."""
    store = portal.store(call.parameters["type"])
    for group in store.kind.scopes:
        wanted = tuple(scope.replace(".read", ".write") for scope in group)
        if call.grant.scopes.isdisjoint(wanted):
            raise missing_scopes(wanted)
    return store


def _checked(portal: "Portal", store: ObjectStore, properties: dict[str, Sent]) -> dict[str, Value]:
    """The values to keep, the empty string clearing one; 400 with HubSpot's text for unknown or read-only names."""
    problems: list[dict[str, Any]] = []
    for name in properties:
        definition = store.properties.get(name)
        if definition is None or definition.archived_ms is not None:
            problems.append(_problem(portal, name, f'Property "{name}" does not exist', "PROPERTY_DOESNT_EXIST"))
        elif definition.read_only:
            problems.append(_problem(portal, name, f'"{name}" is a read only property', "READ_ONLY_VALUE"))
    if problems:
        raise invalid(f"Property values were not valid: {msgspec.json.encode(problems).decode()}")
    return {name: as_text(value) or None for name, value in properties.items()}


def _problem(portal: "Portal", name: str, message: str, code: str) -> dict[str, Any]:
    found = {"isValid": False, "message": message, "error": code, "name": name, "localizedErrorMessage": message}
    return {**found, "portalId": portal.config.portal_id}


def _existing(store: ObjectStore, text: str, id_property: str | None = None) -> int:
    index = resolve(store, text, id_property)
    altered = store.altered.get(index) if index is not None else None
    if altered is not None and altered.merged_into is not None and not altered.purged:
        index = store.index(altered.merged_into)  # an old id may still be used for a single PATCH
    if index is None or not store.live(index):
        raise not_found()
    return index


def _shown(portal: "Portal", store: ObjectStore, indices: list[int], names: tuple[str, ...]) -> list[bytes]:
    return portal.projections[store.kind.name].of(names).records(indices)


def create(portal: "Portal", call: Call) -> Reply:
    """``POST /crm/objects/2026-09/{type}``: 201."""
    store, body = _writable(portal, call), call.json(_Write)
    values = _checked(portal, store, body.properties)
    ends = [(each, target_of(portal, store, each)) for each in body.associations]
    portal.events.create(store.kind.name, values)
    for each, target in ends:
        link_new(portal, store, target, each)
    return Reply(201, _shown(portal, store, [store.size - 1], tuple(values))[0])


def update(portal: "Portal", call: Call) -> Reply:
    """``PATCH …/{id}``."""
    store = _writable(portal, call)
    values = _checked(portal, store, call.json(_Write).properties)
    index = _existing(store, call.parameters["id"], call.text("idProperty") or None)
    portal.events.edit(store.kind.name, store.ids.of(index), values)
    return Reply(200, _shown(portal, store, [index], tuple(values))[0])


def archive(portal: "Portal", call: Call) -> Reply:
    """``DELETE …/{id}``: 204; so for one that is not there [?]."""
    store = _writable(portal, call)
    index = resolve(store, call.parameters["id"], None)
    if index is not None and store.live(index):
        portal.events.archive(store.kind.name, store.ids.of(index))
    return Reply(204)


def merge(portal: "Portal", call: Call) -> Reply:
    """``POST …/merge``: the survivor; contacts and companies get a new id, others keep the primary's [?]."""
    store = _writable(portal, call)
    body: _Merge = call.json(_Merge)
    primary, other = (_existing(store, str(each)) for each in (body.primary_object_id, body.object_id_to_merge))
    if primary == other:
        raise invalid("A record cannot be merged with itself.")
    merged = [store.value(index, "hs_merged_object_ids") or "" for index in (primary, other)]
    if sum(len(each.split(";")) for each in merged if each) + 2 > _IDENTITIES:
        raise ApiError(
            414, {"status": "error", "message": f"Cannot have more than {_IDENTITIES} identities on a profile"}
        )
    mode = portal.merge_mode if store.kind.name in ("contacts", "companies") else "primary_kept"
    survivor = portal.events.merge(store.kind.name, store.ids.of(primary), store.ids.of(other), mode)
    index = _existing(store, str(survivor))
    return Reply(200, _shown(portal, store, [index], ("hs_merged_object_ids",))[0])


def gdpr_delete(portal: "Portal", call: Call) -> Reply:
    """``POST …/gdpr-delete``: 204; also for a record in the recycle bin [?]."""
    store = _writable(portal, call)
    body: _Erase = call.json(_Erase)
    index = resolve(store, body.object_id, body.id_property)
    if index is None or not (store.live(index) or store.altered[index].archived_ms is not None):
        index = _existing(store, body.object_id, body.id_property)
    portal.events.gdpr_delete(store.kind.name, store.ids.of(index))
    return Reply(204)


def _batch(portal: "Portal", call: Call) -> tuple[ObjectStore, list[_Write]]:
    store = _writable(portal, call)
    body: _Batch = call.json(_Batch)
    check_batch_size(len(body.inputs), _BATCH_LIMIT)
    return store, body.inputs


def _batch_reply(portal: "Portal", store: ObjectStore, indices: list[int], status: int) -> Reply:
    records = b",".join(_shown(portal, store, indices, tuple(store.properties)))
    return Reply(status, b'{"status":"COMPLETE","results":[' + records + b"]," + envelope_tail(portal, []))


def batch_create(portal: "Portal", call: Call) -> Reply:
    """``POST …/batch/create``: all or none, 201."""
    store, inputs = _batch(portal, call)
    wanted = [_checked(portal, store, each.properties) for each in inputs]
    ends = [[(one, target_of(portal, store, one)) for one in each.associations] for each in inputs]
    first = store.size
    for values, targets in zip(wanted, ends, strict=True):
        portal.events.create(store.kind.name, values)
        for one, target in targets:
            link_new(portal, store, target, one)
    return _batch_reply(portal, store, list(range(first, store.size)), 201)


def batch_update(portal: "Portal", call: Call) -> Reply:
    """``POST …/batch/update``: all or none; an id merged away is refused."""
    store, inputs = _batch(portal, call)
    wanted = {_by_own_id(store, each.id): _checked(portal, store, each.properties) for each in inputs}
    for index, values in wanted.items():
        portal.events.edit(store.kind.name, store.ids.of(index), values)
    return _batch_reply(portal, store, list(wanted), 200)


def batch_upsert(portal: "Portal", call: Call) -> Reply:
    """``POST …/batch/upsert``: found by a unique property and changed, or created with it; each says which."""
    store, body = _writable(portal, call), call.json(_Upserts)
    check_batch_size(len(body.inputs), _BATCH_LIMIT)
    wanted = [(each, _checked(portal, store, each.properties)) for each in body.inputs]
    found = [resolve(store, str(each.given), each.id_property) for each, _ in wanted]
    shown: list[bytes] = []
    for (each, values), index in zip(wanted, found, strict=True):
        if index is not None and store.live(index):
            portal.events.edit(store.kind.name, store.ids.of(index), values)
        elif each.id_property in (None, "hs_object_id"):
            raise not_found()
        else:
            portal.events.create(store.kind.name, {each.id_property or "": str(each.given), **values})
        place = index if index is not None and store.live(index) else store.size - 1
        record = _shown(portal, store, [place], tuple(values))[0]
        shown.append(record[:-1] + (b',"new":false}' if place == index else b',"new":true}'))
    return Reply(200, b'{"status":"COMPLETE","results":[' + b",".join(shown) + b"]," + envelope_tail(portal, []))


def _by_own_id(store: ObjectStore, text: str) -> int:
    index = resolve(store, text, None)
    if index is None or not store.live(index):
        raise not_found()
    return index


def batch_archive(portal: "Portal", call: Call) -> Reply:
    """``POST …/batch/archive``: 204."""
    store, inputs = _batch(portal, call)
    for index in {resolve(store, each.id, None) for each in inputs}:
        if index is not None and store.live(index):
            portal.events.archive(store.kind.name, store.ids.of(index))
    return Reply(204)


_ENDPOINTS: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/{type}/batch/create", batch_create),
    ("POST", "/{type}/batch/update", batch_update),
    ("POST", "/{type}/batch/upsert", batch_upsert),
    ("POST", "/{type}/batch/archive", batch_archive),
    ("POST", "/{type}/merge", merge),
    ("POST", "/{type}/gdpr-delete", gdpr_delete),
    ("POST", "/{type}", create),
    ("PATCH", "/{type}/{id}", update),
    ("DELETE", "/{type}/{id}", archive),
)
ROUTES = [
    Route(method=method, path=path, handler=handler, family="writes")
    for method, rest, handler in _ENDPOINTS
    for path in crm("objects", rest)
]
