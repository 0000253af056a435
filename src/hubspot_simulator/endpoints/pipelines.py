"""Pipelines and their stages: reading, creating, changing, archiving, and what was changed."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec

from hubspot_simulator.call import Call, Reply, ok
from hubspot_simulator.catalogue import ObjectType
from hubspot_simulator.clock import iso
from hubspot_simulator.endpoints.routes import Handler, Route, crm
from hubspot_simulator.errors import already_exists, invalid, missing_scopes, not_found

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

_STAGE_LIMIT = 100
Shown = dict[str, Any]


class _Stage(msgspec.Struct, rename="camel"):
    label: str
    display_order: int = -1
    metadata: dict[str, str] = {}
    stage_id: str | None = None


class _Pipeline(msgspec.Struct, rename="camel"):
    label: str
    stages: list[_Stage]
    display_order: int = -1
    pipeline_id: str | None = None


class _Change(msgspec.Struct, rename="camel"):
    label: str | None = None
    display_order: int | None = None
    metadata: dict[str, str] | None = None


def _all(portal: "Portal", call: Call) -> list[Shown]:
    return portal.pipelines.setdefault(portal.kind(call.parameters["type"]).name, [])


def _pipeline(portal: "Portal", call: Call) -> Shown:
    return _named(_all(portal, call), call.parameters["pipeline"])


def _stage(portal: "Portal", call: Call) -> Shown:
    return _named(_pipeline(portal, call)["stages"], call.parameters["stage"])


def _named(found: list[Shown], wanted: str) -> Shown:
    for each in found:
        if each["id"] == wanted:
            return each
    raise not_found()


def list_pipelines(portal: "Portal", call: Call) -> Reply:
    """The pipelines of a type, with their stages."""
    return ok({"results": _all(portal, call)})


def get_pipeline(portal: "Portal", call: Call) -> Reply:
    """One pipeline; 404 for an unknown id."""
    return ok(_pipeline(portal, call))


def list_stages(portal: "Portal", call: Call) -> Reply:
    """The stages of one pipeline."""
    return ok({"results": _pipeline(portal, call)["stages"]})


def get_stage(portal: "Portal", call: Call) -> Reply:
    """One stage of one pipeline."""
    return ok(_stage(portal, call))


def _writable(portal: "Portal", call: Call) -> ObjectType:
    """403 without the write scope of the type's records or definitions [?]."""
    kind = portal.kind(call.parameters["type"])
    wanted = (kind.scopes[0][0].replace(".read", ".write"), kind.schema_write_scope)
    if call.grant.scopes.isdisjoint(wanted):
        raise missing_scopes(wanted)
    return kind


def _noted(portal: "Portal", call: Call, action: str, after: Shown) -> None:
    portal.pipeline_audits.append(
        {
            "portalId": portal.config.portal_id,
            "identifier": after["id"],
            "action": action,
            "timestamp": iso(portal.clock.now_ms()),
            "message": f"{action.capitalize()} by an app",
            "rawObject": after,
            "fromUserId": call.grant.user_id,
        }
    )


def _made(portal: "Portal", kind: ObjectType, wanted: _Stage, order: int) -> Shown:
    needed = {"deals": "probability", "tickets": "ticketState"}.get(kind.name)
    if needed == "probability" and needed not in wanted.metadata:
        raise invalid("A deal stage needs the metadata probability, between 0.0 and 1.0")
    moment = iso(portal.clock.now_ms())
    return {
        "id": wanted.stage_id or str(uuid4().int % 10**9),
        "label": wanted.label,
        "displayOrder": order if wanted.display_order < 0 else wanted.display_order,
        "metadata": wanted.metadata,
        "createdAt": moment,
        "updatedAt": moment,
        "archived": False,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }


def create(portal: "Portal", call: Call) -> Reply:
    """``POST /crm/pipelines/2026-09/{type}``: 201."""
    kind, wanted, known = _writable(portal, call), call.json(_Pipeline), _all(portal, call)
    _check_new(known, wanted.pipeline_id, wanted.label)
    if not 1 <= len(wanted.stages) <= _STAGE_LIMIT:
        raise invalid(f"A pipeline has 1 to {_STAGE_LIMIT} stages, not {len(wanted.stages)}")
    moment = iso(portal.clock.now_ms())
    made: Shown = {
        "id": wanted.pipeline_id or str(uuid4().int % 10**9),
        "label": wanted.label,
        "displayOrder": len(known) if wanted.display_order < 0 else wanted.display_order,
        "createdAt": moment,
        "updatedAt": moment,
        "archived": False,
        "stages": [_made(portal, kind, each, order) for order, each in enumerate(wanted.stages)],
    }
    known.append(made)
    _noted(portal, call, "CREATE", made)
    return ok(made, 201)


def _check_new(known: list[Shown], wanted_id: str | None, label: str) -> None:
    if any(wanted_id == each["id"] or label == each["label"] for each in known):
        raise already_exists(f"'{label[:100]}' already exists.", "Pipelines.DUPLICATE")


def create_stage(portal: "Portal", call: Call) -> Reply:
    """``POST …/{pipeline}/stages``: 201."""
    kind, wanted, stages = _writable(portal, call), call.json(_Stage), _pipeline(portal, call)["stages"]
    _check_new(stages, wanted.stage_id, wanted.label)
    if len(stages) >= _STAGE_LIMIT:
        raise invalid(f"A pipeline has at most {_STAGE_LIMIT} stages")
    stages.append(_made(portal, kind, wanted, len(stages)))
    _noted(portal, call, "CREATE", stages[-1])
    return ok(stages[-1], 201)


def _change(portal: "Portal", call: Call, known: Shown, wanted: _Change) -> Reply:
    if wanted.label is not None:
        known["label"] = wanted.label
    if wanted.display_order is not None:
        known["displayOrder"] = wanted.display_order
    if wanted.metadata is not None and "metadata" in known:
        known["metadata"] = {**known["metadata"], **wanted.metadata}
    known["updatedAt"] = iso(portal.clock.now_ms())
    _noted(portal, call, "UPDATE", known)
    return ok(known)


def update(portal: "Portal", call: Call) -> Reply:
    """``PATCH …/{pipeline}``."""
    _writable(portal, call)
    return _change(portal, call, _pipeline(portal, call), call.json(_Change))


def replace(portal: "Portal", call: Call) -> Reply:
    """``PUT …/{pipeline}``: label, order and all stages."""
    kind, wanted, known = _writable(portal, call), call.json(_Pipeline), _pipeline(portal, call)
    known["stages"] = [_made(portal, kind, each, order) for order, each in enumerate(wanted.stages)]
    return _change(portal, call, known, _Change(label=wanted.label, display_order=wanted.display_order))


def change_stage(portal: "Portal", call: Call) -> Reply:
    """``PATCH`` and ``PUT …/stages/{stage}``."""
    _writable(portal, call)
    return _change(portal, call, _stage(portal, call), call.json(_Change))


def archive(portal: "Portal", call: Call) -> Reply:
    """``DELETE …/{pipeline}``: 204; records keep its id."""
    _writable(portal, call)
    found = _pipeline(portal, call)
    _all(portal, call).remove(found)
    _noted(portal, call, "DELETE", found)
    return Reply(204)


def archive_stage(portal: "Portal", call: Call) -> Reply:
    """``DELETE …/stages/{stage}``: 204; records keep its id."""
    _writable(portal, call)
    found = _stage(portal, call)
    _pipeline(portal, call)["stages"].remove(found)
    _noted(portal, call, "DELETE", found)
    return Reply(204)


def audit(portal: "Portal", call: Call) -> Reply:
    """What was done to one pipeline or stage through the API, the latest first."""
    wanted = call.parameters.get("stage") or call.parameters["pipeline"]
    return ok({"results": [each for each in reversed(portal.pipeline_audits) if each["identifier"] == wanted]})


_READS: tuple[tuple[str, Handler], ...] = (
    ("/{type}/{pipeline}/audit", audit),
    ("/{type}/{pipeline}/stages/{stage}/audit", audit),
    ("/{type}/{pipeline}/stages/{stage}", get_stage),
    ("/{type}/{pipeline}/stages", list_stages),
    ("/{type}/{pipeline}", get_pipeline),
    ("/{type}", list_pipelines),
)
_WRITES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/{type}", create),
    ("PATCH", "/{type}/{pipeline}", update),
    ("PUT", "/{type}/{pipeline}", replace),
    ("DELETE", "/{type}/{pipeline}", archive),
    ("POST", "/{type}/{pipeline}/stages", create_stage),
    ("PATCH", "/{type}/{pipeline}/stages/{stage}", change_stage),
    ("PUT", "/{type}/{pipeline}/stages/{stage}", change_stage),
    ("DELETE", "/{type}/{pipeline}/stages/{stage}", archive_stage),
)
ROUTES = [
    *(
        Route(method="GET", path=path, handler=handler, family="pipelines", types=("type",), any_type_scope=True)
        for rest, handler in _READS
        for path in crm("pipelines", rest)
    ),
    *(
        Route(method=method, path=path, handler=handler, family="pipelines")
        for method, rest, handler in _WRITES
        for path in crm("pipelines", rest)
    ),
]
