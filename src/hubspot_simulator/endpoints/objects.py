"""Lists, single records and batch reads of CRM objects."""

from typing import TYPE_CHECKING, Any

import msgspec

from hubspot_simulator.call import Call, Input, Reply
from hubspot_simulator.clock import iso
from hubspot_simulator.endpoints.cursors import decode_cursor, encode_cursor
from hubspot_simulator.endpoints.routes import Route, crm
from hubspot_simulator.errors import ApiError, invalid, not_found
from hubspot_simulator.links import PRIMARY_LABEL, Link
from hubspot_simulator.spoilt import rendered
from hubspot_simulator.store import Change, ObjectStore

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

_LIST_LIMIT = 100
_HISTORY_LIMIT = 50
_BATCH_LIMIT = 100


def list_objects(portal: "Portal", call: Call) -> Reply:
    """``GET /crm/objects/2026-09/{type}``: live or archived records by rising id."""
    store = portal.store(call.parameters["type"])
    history = call.names("propertiesWithHistory")
    limit = call.limit(10, _HISTORY_LIMIT if history else _LIST_LIMIT)
    start = store.ids.first_at_or_after(_cursor(portal, call))
    if limit > 1 and portal.mischief.strikes("short_pages", "objects"):
        limit //= 2
    page, following = _page(store, start, limit, archived=call.flag("archived"))
    if start and page and portal.mischief.strikes("duplicate_rows", "objects"):
        page = [*_before(store, page[0]), *page]
    if len(page) > 1 and portal.mischief.strikes("moving_rows", "objects"):
        page.pop()
    page = [index for index in page if not portal.mischief.marks("hidden_rows", "objects", index)]
    records = _records(portal, call, store, page)
    paging = b""
    if following is not None:
        if portal.mischief.strikes("repeating_cursor", "objects"):
            following = page[0]
        after = encode_cursor(str(store.ids.of(following)), opaque=portal.config.opaque_cursors)
        link = f"{call.base_url}{call.path}?limit={limit}&after={after}"
        paging = b',"paging":' + msgspec.json.encode({"next": {"after": after, "link": link}})
    return Reply(200, b'{"results":[' + b",".join(records) + b"]" + paging + b"}")


def _cursor(portal: "Portal", call: Call) -> int:
    after = call.text("after")
    if not after:
        return 0
    text = decode_cursor(after, opaque=portal.config.opaque_cursors)
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 30:  # noqa: PLR2004
        raise invalid(f"Invalid cursor: {after[:100]}")
    return int(text)


def _page(store: ObjectStore, start: int, limit: int, *, archived: bool) -> tuple[list[int], int | None]:
    """A page of indices and the index that the next page starts with, or None on the last."""
    if archived:
        found = [index for index in store.archived() if index >= start][: limit + 1]
    else:
        found, index, size, gone = [], start, store.size, store.gone
        while len(found) <= limit and index < size:
            if index not in gone:
                found.append(index)
            index += 1
    return found[:limit], (found[limit] if len(found) > limit else None)


def _before(store: ObjectStore, index: int) -> list[int]:
    """The live record before one, if any: a row that a bad day repeats."""
    return [each for each in range(index - 1, max(index - 2, -1), -1) if store.live(each)]


def _records(portal: "Portal", call: Call, store: ObjectStore, indices: list[int]) -> list[bytes]:
    records = rendered(portal, "objects", store, call.names("properties"), indices)
    history, targets = call.names("propertiesWithHistory"), call.names("associations")
    if history:
        records = [with_history(store, index, history, record) for index, record in zip(indices, records, strict=True)]
    if targets:
        kinds = [portal.store(target).kind.name for target in targets]
        records = [
            _with_associations(portal, call, store, index, kinds, record)
            for index, record in zip(indices, records, strict=True)
        ]
    return records


def with_history(store: ObjectStore, index: int, names: tuple[str, ...], record: bytes) -> bytes:
    """A record's JSON with ``propertiesWithHistory``, newest value first."""
    histories = {name: _history(store, index, name) for name in names if name in store.properties}
    return record[:-1] + b',"propertiesWithHistory":' + msgspec.json.encode(histories) + b"}"


def _history(store: ObjectStore, index: int, name: str) -> list[dict[str, Any]]:
    altered = store.altered.get(index)
    changes = altered.history.get(name) if altered else None
    if changes is None:
        changes = [Change(value=store.value(index, name), at_ms=store.created_ms(index), source="IMPORT")]
    return [
        {
            "value": change.value or "",
            "timestamp": iso(change.at_ms),
            "sourceType": change.source,
            "sourceId": "userId:9000001",
            "sourceLabel": None,
            "updatedByUserId": 9_000_001,
        }
        for change in reversed(changes)
    ]


def _with_associations(
    portal: "Portal", call: Call, store: ObjectStore, index: int, targets: list[str], record: bytes
) -> bytes:
    """Inline associations: a limited first page for each type, with its own paging."""
    found: dict[str, Any] = {}
    most = portal.config.inline_association_limit
    for target in targets:
        other = portal.stores[target]
        entries = [
            {
                "id": str(other.ids.of(index_there)),
                "type": inline_type(store.kind.singular, other.kind.singular, link),
            }
            for index_there, links in portal.links.of((store.kind.name, target), index)
            for link in links
        ]
        if not entries:
            continue
        found[target] = {"results": entries[:most]}
        if len(entries) > most:
            after = entries[most]["id"]
            link = f"{call.base_url}{call.path}/{store.ids.of(index)}/associations/{target}?after={after}"
            found[target]["paging"] = {"next": {"after": after, "link": link}}
    if not found:
        return record
    return record[:-1] + b',"associations":' + msgspec.json.encode(found) + b"}"


def inline_type(origin: str, target: str, link: Link) -> str:
    """The name that v3 and inline associations give a type."""
    if link.label is None:
        return f"{origin}_to_{target}"
    return "primary" if link.label == PRIMARY_LABEL else link.label.lower().replace(" ", "_")


def get_object(portal: "Portal", call: Call) -> Reply:
    """``GET /crm/objects/2026-09/{type}/{id}``; an id merged away answers with the survivor."""
    store = portal.store(call.parameters["type"])
    index = resolve(store, call.parameters["id"], call.text("idProperty") or None)
    altered = store.altered.get(index) if index is not None else None
    if altered is not None and altered.merged_into is not None and not altered.purged:
        index = resolve(store, str(altered.merged_into), None)
        altered = store.altered.get(index) if index is not None else None
    archived = altered is not None and altered.archived_ms is not None
    if index is None or archived != call.flag("archived") or (not archived and not store.live(index)):
        raise not_found()
    return Reply(200, _records(portal, call, store, [index])[0])


def resolve(store: ObjectStore, text: str, id_property: str | None) -> int | None:
    """The index of a record by its id or by a unique property; None when there is none."""
    if id_property is None or id_property == "hs_object_id":
        return store.index(int(text)) if text.isascii() and text.isdigit() and len(text) <= 30 else None  # noqa: PLR2004
    definition = store.properties.get(id_property)
    if definition is None or not definition.unique:
        raise invalid(f"Property {id_property[:100]} is not a unique identifier property")
    wanted = text.casefold()
    return next((i for i in store.live_indices() if (store.value(i, id_property) or "").casefold() == wanted), None)


class BatchRead(msgspec.Struct, rename="camel"):
    """The body of a batch read."""

    inputs: list[Input]
    properties: list[str] = []
    properties_with_history: list[str] = []
    id_property: str | None = None


def batch_read(portal: "Portal", call: Call) -> Reply:
    """``POST …/batch/read``: 200, or 207 when some ids are missing; results by rising id, not as asked."""
    store = portal.store(call.parameters["type"])
    body: BatchRead = call.json(BatchRead)
    check_batch_size(len(body.inputs), _BATCH_LIMIT)
    history = tuple(body.properties_with_history)
    if history and len(body.inputs) > _HISTORY_LIMIT:
        raise _too_many(_HISTORY_LIMIT, "batch request for property histories")
    archived = call.flag("archived")
    found, missing = _find_all(store, body, archived=archived)
    errors = _missing(store, missing) if missing else []
    indices = sorted(found)
    if len(indices) > 1 and portal.mischief.strikes("partial_batches", "batch_read"):
        errors += failed([str(store.ids.of(index)) for index in indices[1::2]])
        indices = indices[::2]
    records = rendered(portal, "batch_read", store, tuple(body.properties), indices)
    if history:
        records = [with_history(store, index, history, record) for index, record in zip(indices, records, strict=True)]
    tail = envelope_tail(portal, errors)
    return Reply(207 if errors else 200, b'{"status":"COMPLETE","results":[' + b",".join(records) + b"]," + tail)


def _find_all(store: ObjectStore, body: BatchRead, *, archived: bool) -> tuple[set[int], list[str]]:
    found, missing = set(), []
    bin_ = set(store.archived()) if archived else set()
    for each in body.inputs:
        index = resolve(store, each.id, body.id_property)
        if index is not None and (index in bin_ if archived else store.live(index)):
            found.add(index)
        else:
            missing.append(each.id)
    return found, missing


def _missing(store: ObjectStore, ids: list[str]) -> list[dict[str, Any]]:
    message = (
        f"Could not get some {store.kind.singular.upper()} objects, they may be deleted or not exist. "
        "Check that ids are valid."
    )
    return [{"status": "error", "category": "OBJECT_NOT_FOUND", "message": message, "context": {"ids": ids}}]


def failed(ids: list[str]) -> list[dict[str, Any]]:
    """How a batch says that it could not read some of its records now [?]: only the shape is documented."""
    return [{"status": "error", "category": "INTERNAL_ERROR", "message": "internal error", "context": {"ids": ids}}]


def envelope_tail(portal: "Portal", errors: list[dict[str, Any]]) -> bytes:
    """The end of a batch reply, from its errors to its closing brace."""
    moment = iso(portal.clock.now_ms())
    tail: dict[str, Any] = {"numErrors": len(errors), "errors": errors} if errors else {}
    return msgspec.json.encode({**tail, "startedAt": moment, "completedAt": moment})[1:]


def check_batch_size(count: int, most: int) -> None:
    """400 above ``most`` inputs."""
    if count > most:
        raise _too_many(most, "batch")


def _too_many(most: int, what: str) -> ApiError:
    return invalid(
        f"The maximum number of inputs supported in a {what} is {most}. Please reduce the number of items and try again"
    )


ROUTES = [
    *(
        Route(method="GET", path=path, handler=list_objects, family="objects", types=("type",))
        for path in crm("objects", "/{type}")
    ),
    *(
        Route(method="POST", path=path, handler=batch_read, family="batch_read", types=("type",))
        for path in crm("objects", "/{type}/batch/read")
    ),
    *(
        Route(method="GET", path=path, handler=get_object, family="object", types=("type",))
        for path in crm("objects", "/{type}/{id}")
    ),
]
