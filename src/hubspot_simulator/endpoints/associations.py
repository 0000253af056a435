"""Association batch reads, labels, and the single list of one record's associations."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from hubspot_simulator.call import Call, Input, Reply, ok
from hubspot_simulator.endpoints.objects import check_batch_size, envelope_tail, failed, inline_type, resolve
from hubspot_simulator.endpoints.routes import DATED, Route
from hubspot_simulator.errors import invalid
from hubspot_simulator.links import Link
from hubspot_simulator.store import ObjectStore

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

_BATCH_LIMIT = 1_000
_SINGLE_LIMIT = 500
Entry = dict[str, Any]
Linked = list[tuple[int, list[Link]]]


class _Body(msgspec.Struct):
    inputs: list[Input]


def batch_read(portal: "Portal", call: Call) -> Reply:
    """Up to 1,000 inputs; 207 when some have nothing; each input pages on its own."""

    def shown(_origin: ObjectStore, target: ObjectStore, linked: Linked, asked: Input) -> Entry:
        after = None if asked.after is None else str(asked.after)
        page, paging = _page(target, linked, after, portal.config.association_page_size)
        if paging is None:
            return {"to": page}
        link = f"{call.base_url}{call.path}?after={paging}"
        return {"to": page, "paging": {"next": {"after": paging, "link": link}}}

    return _read_all(portal, call, shown)


def old_batch_read(portal: "Portal", call: Call) -> Reply:
    """``POST /crm/v3/associations/{from}/{to}/batch/read``: ``to`` entries of an id and a type's name."""

    def shown(origin: ObjectStore, target: ObjectStore, linked: Linked, _asked: Input) -> Entry:
        return {
            "to": [
                {"id": str(target.ids.of(index)), "type": inline_type(origin.kind.singular, target.kind.singular, link)}
                for index, links in linked
                for link in links
            ]
        }

    return _read_all(portal, call, shown)


def _read_all(portal: "Portal", call: Call, shown: Callable[[ObjectStore, ObjectStore, Linked, Input], Entry]) -> Reply:
    origin, target = portal.store(call.parameters["from"]), portal.store(call.parameters["to"])
    body: _Body = call.json(_Body)
    check_batch_size(len(body.inputs), _BATCH_LIMIT)
    results: list[Entry] = []
    errors: list[Entry] = []
    for each in body.inputs:
        linked = _linked(portal, origin, target, resolve(origin, each.id, None))
        if linked:
            results.append({"from": {"id": each.id}, **shown(origin, target, linked, each)})
        else:
            errors.append(_nothing(origin, target, each.id))
    if len(results) > 1 and portal.mischief.strikes("partial_batches", "associations"):
        errors += failed([each["from"]["id"] for each in results[1::2]])
        results = results[::2]
    head = b'{"status":"COMPLETE","results":' + msgspec.json.encode(results) + b","
    return Reply(207 if errors else 200, head + envelope_tail(portal, errors))


def old_types(portal: "Portal", call: Call) -> Reply:
    """``GET /crm/v3/associations/{from}/{to}/types`` (gone from the dated versions)."""
    origin, target = portal.kind(call.parameters["from"]), portal.kind(call.parameters["to"])
    found = portal.links.labels((origin.name, target.name))
    return ok(
        {"results": [{"id": str(x.type_id), "name": inline_type(origin.singular, target.singular, x)} for x in found]}
    )


def _linked(portal: "Portal", origin: ObjectStore, target: ObjectStore, index: int | None) -> Linked:
    if index is None or not origin.live(index):
        return []
    return portal.links.of((origin.kind.name, target.kind.name), index)


def _page(target: ObjectStore, linked: Linked, after: str | None, size: int) -> tuple[list[Entry], str | None]:
    if after and (not after.isascii() or not after.isdigit() or len(after) > 30):  # noqa: PLR2004
        raise invalid(f"Invalid cursor: {after[:100]}")
    start = target.ids.first_at_or_after(int(after)) if after else 0
    rest = [(index, links) for index, links in linked if index >= start]
    page = [
        {
            "toObjectId": target.ids.of(index),
            "associationTypes": [_type(link) for link in links],
        }
        for index, links in rest[:size]
    ]
    return page, (str(target.ids.of(rest[size][0])) if len(rest) > size else None)


def _type(link: Link) -> Entry:
    return {"category": link.category, "typeId": link.type_id, "label": link.label}


def _nothing(origin: ObjectStore, target: ObjectStore, object_id: str) -> Entry:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {target.kind.singular} is associated with {origin.kind.singular} {object_id}.",
        "context": {
            "fromObjectId": [object_id],
            "fromObjectType": [origin.kind.singular],
            "toObjectType": [target.kind.singular],
        },
    }


def list_labels(portal: "Portal", call: Call) -> Reply:
    """The association types of a pair."""
    pair = (portal.kind(call.parameters["from"]).name, portal.kind(call.parameters["to"]).name)
    return ok({"results": [_type(link) for link in portal.links.labels(pair)]})


def list_one(portal: "Portal", call: Call) -> Reply:
    """``GET …/objects/{type}/{id}/associations/{to}``: at most 500 a page."""
    origin, target = portal.store(call.parameters["type"]), portal.store(call.parameters["to"])
    limit = call.limit(_SINGLE_LIMIT, _SINGLE_LIMIT)
    linked = _linked(portal, origin, target, resolve(origin, call.parameters["id"], None))
    page, after = _page(target, linked, call.text("after") or None, limit)
    reply: Entry = {"results": page}
    if after is not None:
        reply["paging"] = {"next": {"after": after, "link": f"{call.base_url}{call.path}?after={after}"}}
    return ok(reply)


_BASES = (f"/crm/associations/{DATED}", "/crm/{version:v4}/associations")
_SINGLES = (f"/crm/objects/{DATED}", "/crm/{version:v4}/objects")
_OLD = "/crm/v3/associations/{from}/{to}"
ROUTES = [
    Route(
        method="POST",
        path=f"{_OLD}/batch/read",
        handler=old_batch_read,
        family="associations",
        bucket="associations",
        types=("from", "to"),
        any_type_scope=True,
    ),
    Route(
        method="GET",
        path=f"{_OLD}/types",
        handler=old_types,
        family="association_labels",
        types=("from", "to"),
        any_type_scope=True,
    ),
    *(
        Route(
            method="POST",
            path=f"{base}/{{from}}/{{to}}/batch/read",
            handler=batch_read,
            family="associations",
            bucket="associations",
            types=("from", "to"),
            any_type_scope=True,
        )
        for base in _BASES
    ),
    *(
        Route(
            method="GET",
            path=f"{base}/{{from}}/{{to}}/labels",
            handler=list_labels,
            family="association_labels",
            types=("from", "to"),
            any_type_scope=True,
        )
        for base in _BASES
    ),
    *(
        Route(
            method="GET",
            path=f"{base}/{{type}}/{{id}}/associations/{{to}}",
            handler=list_one,
            family="associations_of_one",
            types=("type", "to"),
            any_type_scope=True,
        )
        for base in _SINGLES
    ),
]
