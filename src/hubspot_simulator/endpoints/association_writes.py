"""Associating and dissociating records, one by one and in batches, and the labels of an account."""

from typing import TYPE_CHECKING, Any

import msgspec

from hubspot_simulator.call import Call, Input, Reply, ok
from hubspot_simulator.endpoints.objects import check_batch_size, envelope_tail, resolve
from hubspot_simulator.endpoints.routes import DATED, Handler, Route
from hubspot_simulator.errors import invalid, missing_scopes, not_found
from hubspot_simulator.links import PAIRS, Link
from hubspot_simulator.store import ObjectStore

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

_CREATE_LIMIT, _ARCHIVE_LIMIT = 2_000, 100
Ends = tuple[ObjectStore, ObjectStore]


class _Spec(msgspec.Struct, rename="camel", frozen=True):
    association_category: str
    association_type_id: int


class _Create(msgspec.Struct):
    origin: Input = msgspec.field(name="from")
    to: Input
    types: list[_Spec] = []


class _Archive(msgspec.Struct):
    origin: Input = msgspec.field(name="from")
    to: list[Input]


class _Creates(msgspec.Struct):
    inputs: list[_Create]


class _Archives(msgspec.Struct):
    inputs: list[_Archive]


class _Label(msgspec.Struct, rename="camel"):
    label: str
    name: str
    inverse_label: str | None = None


class _LabelChange(msgspec.Struct, rename="camel"):
    association_type_id: int
    label: str
    inverse_label: str | None = None


def _ends(portal: "Portal", call: Call) -> Ends:
    """Both stores; 403 without the write scope of the first [?], 400 for types that cannot be associated."""
    origin, target = portal.store(call.parameters["from"]), portal.store(call.parameters["to"])
    wanted = tuple(scope.replace(".read", ".write") for scope in origin.kind.scopes[0])
    if call.grant.scopes.isdisjoint(wanted):
        raise missing_scopes(wanted)
    if not portal.links.labels(_pair((origin, target))):
        raise invalid(f"{origin.kind.singular} and {target.kind.singular} cannot be associated")
    return origin, target


def _pair(ends: Ends) -> tuple[str, str]:
    return ends[0].kind.name, ends[1].kind.name


def _indices(ends: Ends, from_id: str, to_id: str) -> tuple[int, int]:
    found = []
    for store, text in zip(ends, (from_id, to_id), strict=True):
        index = resolve(store, text, None)
        if index is None or not store.live(index):
            raise not_found(f"{store.kind.singular} {text[:40]} does not exist")
        found.append(index)
    return found[0], found[1]


def _links(portal: "Portal", ends: Ends, specs: list[_Spec]) -> list[Link]:
    """The types asked for; 400 naming those that the pair has."""
    known = portal.links.labels(_pair(ends))
    found = []
    for spec in specs:
        match = [x for x in known if (x.category, x.type_id) == (spec.association_category, spec.association_type_id)]
        if not match:
            allowed = ", ".join(f"{x.category} {x.type_id}" for x in known)
            raise invalid(f"One or more association types is invalid. {' to '.join(_pair(ends))} has: {allowed}")
        found += match
    return found or known[:1]


def _label_reply(ends: Ends, from_id: str, to_id: str, links: list[Link]) -> dict[str, Any]:
    return {
        "fromObjectTypeId": ends[0].kind.type_id,
        "fromObjectId": from_id,
        "toObjectTypeId": ends[1].kind.type_id,
        "toObjectId": to_id,
        "labels": [link.label for link in links if link.label is not None],
    }


def _default_reply(from_id: str, to_id: str, link: Link) -> dict[str, Any]:
    spec = {"associationCategory": link.category, "associationTypeId": link.type_id}
    return {"from": {"id": from_id}, "to": {"id": to_id}, "associationSpec": spec}


def _add(portal: "Portal", ends: Ends, indices: tuple[int, int], links: list[Link]) -> None:
    """The plain type comes with every label, as in HubSpot."""
    for link in {portal.links.labels(_pair(ends))[0], *links}:
        portal.links.add(_pair(ends), *indices, link)


class Association(msgspec.Struct):
    """What a new record is to be associated with."""

    to: Input
    types: list[_Spec]


def target_of(portal: "Portal", origin: ObjectStore, wanted: Association) -> tuple[ObjectStore, int]:
    """The record that an association of a new one leads to: the type ids tell its type; 400 or 404 as above."""
    for (here, there), (plain_id, primary_id) in PAIRS.items():
        ids = {plain_id, primary_id, *(link.type_id for link in portal.links.labels((here, there)))}
        if here == origin.kind.name and wanted.types and {each.association_type_id for each in wanted.types} <= ids:
            target = portal.stores[there]
            _links(portal, (origin, target), wanted.types)
            index = resolve(target, wanted.to.id, None)
            if index is None or not target.live(index):
                raise not_found(f"{target.kind.singular} {wanted.to.id[:40]} does not exist")
            return target, index
    raise invalid(f"One or more association types of {origin.kind.singular} is invalid")


def link_new(portal: "Portal", origin: ObjectStore, target: tuple[ObjectStore, int], wanted: Association) -> None:
    """Associate the record that was created last."""
    ends = (origin, target[0])
    _add(portal, ends, (origin.size - 1, target[1]), _links(portal, ends, wanted.types))


def associate(portal: "Portal", call: Call) -> Reply:
    """``PUT …/objects/{from}/{id}/associations/{to}/{id}`` with a list of types: 201."""
    ends, specs = _ends(portal, call), call.json(list[_Spec])
    from_id, to_id = call.parameters["from_id"], call.parameters["to_id"]
    links, indices = _links(portal, ends, specs), _indices(ends, from_id, to_id)
    _add(portal, ends, indices, links)
    return ok(_label_reply(ends, from_id, to_id, links), 201)


def associate_default(portal: "Portal", call: Call) -> Reply:
    """``PUT …/associations/default/{to}/{id}``: the unlabelled type, 200."""
    ends = _ends(portal, call)
    from_id, to_id = call.parameters["from_id"], call.parameters["to_id"]
    (link, *_), indices = portal.links.labels(_pair(ends)), _indices(ends, from_id, to_id)
    _add(portal, ends, indices, [link])
    return _envelope(portal, [_default_reply(from_id, to_id, link)], 200)


def dissociate(portal: "Portal", call: Call) -> Reply:
    """``DELETE …``: every type of the pair of records, 204."""
    ends = _ends(portal, call)
    indices = _indices(ends, call.parameters["from_id"], call.parameters["to_id"])
    portal.links.remove(_pair(ends), *indices)
    return Reply(204)


def _envelope(portal: "Portal", results: list[dict[str, Any]], status: int) -> Reply:
    head = b'{"status":"COMPLETE","results":' + msgspec.json.encode(results) + b","
    return Reply(status, head + envelope_tail(portal, []))


def batch_create(portal: "Portal", call: Call) -> Reply:
    """``POST …/batch/create``: up to 2,000; all or none, 201."""
    ends, body = _ends(portal, call), call.json(_Creates)
    check_batch_size(len(body.inputs), _CREATE_LIMIT)
    wanted = [
        (each, _links(portal, ends, each.types), _indices(ends, each.origin.id, each.to.id)) for each in body.inputs
    ]
    for _, links, indices in wanted:
        _add(portal, ends, indices, links)
    return _envelope(portal, [_label_reply(ends, each.origin.id, each.to.id, links) for each, links, _ in wanted], 201)


def batch_default(portal: "Portal", call: Call) -> Reply:
    """``POST …/batch/associate/default``: the unlabelled type, 200."""
    ends, body = _ends(portal, call), call.json(_Creates)
    check_batch_size(len(body.inputs), _CREATE_LIMIT)
    link = portal.links.labels(_pair(ends))[0]
    for indices in [_indices(ends, each.origin.id, each.to.id) for each in body.inputs]:
        _add(portal, ends, indices, [link])
    return _envelope(portal, [_default_reply(each.origin.id, each.to.id, link) for each in body.inputs], 200)


def batch_archive(portal: "Portal", call: Call) -> Reply:
    """``POST …/batch/archive``: up to 100, 204."""
    ends, body = _ends(portal, call), call.json(_Archives)
    check_batch_size(len(body.inputs), _ARCHIVE_LIMIT)
    for indices in [_indices(ends, each.origin.id, to.id) for each in body.inputs for to in each.to]:
        portal.links.remove(_pair(ends), *indices)
    return Reply(204)


def archive_labels(portal: "Portal", call: Call) -> Reply:
    """``POST …/batch/labels/archive``: the types named, the rest stays, 204."""
    ends, body = _ends(portal, call), call.json(_Creates)
    check_batch_size(len(body.inputs), _ARCHIVE_LIMIT)
    wanted = [(_links(portal, ends, each.types), _indices(ends, each.origin.id, each.to.id)) for each in body.inputs]
    for links, indices in wanted:
        for link in links:
            portal.links.remove(_pair(ends), *indices, link)
    return Reply(204)


def create_label(portal: "Portal", call: Call) -> Reply:
    """``POST …/labels``: a label with a type id for each direction."""
    ends, body = _ends(portal, call), call.json(_Label)
    known = {link.label for link in portal.links.labels(_pair(ends))}
    if not body.label.strip() or body.label in known:
        raise invalid(f"A label needs a text that the pair does not have yet, not '{body.label[:100]}'")
    made = portal.links.define(_pair(ends), body.label, body.inverse_label or body.label)
    return ok({"results": [{"category": x.category, "typeId": x.type_id, "label": x.label} for x in made]})


def update_label(portal: "Portal", call: Call) -> Reply:
    """``PUT …/labels``: another text for a label of one's own, 204."""
    ends, body = _ends(portal, call), call.json(_LabelChange)
    if not portal.links.rename(_pair(ends), body.association_type_id, body.label, body.inverse_label):
        raise not_found()
    return Reply(204)


def delete_label(portal: "Portal", call: Call) -> Reply:
    """``DELETE …/labels/{typeId}``: a label of one's own, and it leaves every association, 204."""
    ends, text = _ends(portal, call), call.parameters["type_id"]
    if len(text) > 18 or not portal.links.undefine(_pair(ends), int(text)):  # noqa: PLR2004
        raise not_found()
    return Reply(204)


_RECORD = "/{from}/{from_id}/associations"
_RECORDS: tuple[tuple[str, str, Handler], ...] = (
    ("PUT", f"{_RECORD}/default/{{to}}/{{to_id}}", associate_default),
    ("PUT", f"{_RECORD}/{{to}}/{{to_id}}", associate),
    ("DELETE", f"{_RECORD}/{{to}}/{{to_id}}", dissociate),
)
_BATCHES: tuple[tuple[str, str, str, Handler], ...] = (
    ("POST", "/batch/create", "associations", batch_create),
    ("POST", "/batch/associate/default", "associations", batch_default),
    ("POST", "/batch/archive", "associations", batch_archive),
    ("POST", "/batch/labels/archive", "associations", archive_labels),
    ("POST", "/labels", "burst", create_label),
    ("PUT", "/labels", "burst", update_label),
    ("DELETE", r"/labels/{type_id:\d+}", "burst", delete_label),
)
ROUTES = [
    *(
        Route(method=method, path=f"{base}{rest}", handler=handler, family="association_writes")
        for method, rest, handler in _RECORDS
        for base in (f"/crm/objects/{DATED}", "/crm/v4/objects")
    ),
    *(
        Route(
            method=method, path=f"{base}/{{from}}/{{to}}{rest}", handler=handler, family="association_writes", bucket=b
        )
        for method, rest, b, handler in _BATCHES
        for base in (f"/crm/associations/{DATED}", "/crm/v4/associations")
    ),
]
