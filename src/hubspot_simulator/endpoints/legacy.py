"""The oldest paths that connectors still read: companies v2, deals v1, properties v1 and v2, pipelines v1.

Values come as ``{"value", "timestamp", "source", "sourceId"}``, empty ones not at all; offsets are the last id read.
"""

from typing import TYPE_CHECKING, Any

from hubspot_simulator.call import Call, Reply, ok
from hubspot_simulator.data.organisation import PIPELINES
from hubspot_simulator.endpoints.definitions import property_reply
from hubspot_simulator.endpoints.objects import resolve
from hubspot_simulator.endpoints.routes import Handler, Route
from hubspot_simulator.errors import invalid, not_found
from hubspot_simulator.store import ObjectStore

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

_PAGE_LIMIT = 250
_RECENT_LIMIT = 100
_RECENT_CAP = 10_000
_ID_NAMES = {"companies": "companyId", "deals": "dealId"}


def list_properties(portal: "Portal", call: Call) -> Reply:
    """``GET /properties/v1|v2/{type}/properties``: a bare array."""
    store = portal.store(call.parameters.get("type", "companies"))
    return ok(
        [
            {**property_reply(definition, order), "readOnlyValue": definition.read_only, "deleted": False}
            for order, definition in enumerate(store.properties.values())
            if definition.archived_ms is None and definition.sensitivity == "non_sensitive"
        ]
    )


def _paged(portal: "Portal", call: Call, name: str, more: str) -> Reply:
    store = portal.stores[name]
    limit, offset = call.limit(100, _PAGE_LIMIT), call.text("offset", "0")
    if not offset.isascii() or not offset.isdigit() or len(offset) > 30:  # noqa: PLR2004
        raise invalid(f"Invalid offset: {offset[:100]}")
    names = _names(store, call)
    found: list[int] = []
    start = store.ids.first_at_or_after(int(offset) + 1)
    for index in range(start, store.size):
        if store.live(index):
            found.append(index)
            if len(found) > limit:
                break
    page = found[:limit]
    last = store.ids.of(page[-1]) if page else int(offset)
    records = [_record(portal, call, store, index, names) for index in page]
    return ok({name: records, more: len(found) > limit, "offset": last})


def companies(portal: "Portal", call: Call) -> Reply:
    """``GET /companies/v2/companies/paged``."""
    return _paged(portal, call, "companies", "has-more")


def deals(portal: "Portal", call: Call) -> Reply:
    """``GET /deals/v1/deal/paged``."""
    return _paged(portal, call, "deals", "hasMore")


def _recent(portal: "Portal", call: Call, name: str) -> Reply:
    """The latest modified first; no further than 10,000."""
    store = portal.stores[name]
    count, offset = call.text("count", "20"), call.text("offset", "0")
    if not (count.isascii() and count.isdigit() and offset.isascii() and offset.isdigit()) or len(offset) > 12:  # noqa: PLR2004
        raise invalid("count and offset must be non-negative integers")
    order = sorted(store.live_indices(), key=store.modified_ms, reverse=True)[:_RECENT_CAP]
    first, most = int(offset), max(1, min(int(count[:6]), _RECENT_LIMIT))
    names = tuple(store.properties)
    records = [_record(portal, call, store, index, names) for index in order[first : first + most]]
    end = first + len(records)
    return ok({"results": records, "hasMore": end < len(order), "offset": end, "total": len(order)})


def recent_companies(portal: "Portal", call: Call) -> Reply:
    """``GET /companies/v2/companies/recent/modified``."""
    return _recent(portal, call, "companies")


def recent_deals(portal: "Portal", call: Call) -> Reply:
    """``GET /deals/v1/deal/recent/modified``."""
    return _recent(portal, call, "deals")


def _one(portal: "Portal", call: Call, name: str) -> Reply:
    store = portal.stores[name]
    index = resolve(store, call.parameters["id"], None)
    if index is None or not store.live(index):
        raise not_found()
    return ok(_record(portal, call, store, index, tuple(store.properties)))


def company(portal: "Portal", call: Call) -> Reply:
    """``GET /companies/v2/companies/{id}``: every property."""
    return _one(portal, call, "companies")


def deal(portal: "Portal", call: Call) -> Reply:
    """``GET /deals/v1/deal/{id}``: every property."""
    return _one(portal, call, "deals")


def _names(store: ObjectStore, call: Call) -> tuple[str, ...]:
    if call.flag("includeAllProperties"):
        return tuple(store.properties)
    return tuple(dict.fromkeys([*call.names("properties"), *store.kind.default_properties]))


def _record(portal: "Portal", call: Call, store: ObjectStore, index: int, names: tuple[str, ...]) -> dict[str, Any]:
    name = store.kind.name
    found: dict[str, Any] = {
        "portalId": portal.config.portal_id,
        _ID_NAMES[name]: store.ids.of(index),
        "isDeleted": False,
        "properties": {each: value for each in names if (value := _value(store, index, each)) is not None},
    }
    if name == "deals":
        wanted = call.flag("includeAssociations")
        found["associations"] = {
            "associatedVids": _linked(portal, "contacts", index) if wanted else [],
            "associatedCompanyIds": _linked(portal, "companies", index) if wanted else [],
            "associatedDealIds": [],
        }
    return found


def _value(store: ObjectStore, index: int, name: str) -> dict[str, Any] | None:
    definition = store.properties.get(name)
    value = store.value(index, name) if definition is not None and definition.archived_ms is None else None
    if not value:
        return None
    moment = store.modified_ms(index) if name == store.kind.modified_property else store.created_ms(index)
    altered = store.altered.get(index)
    past = altered.history.get(name) if altered else None
    if past:
        moment = past[-1].at_ms
    version = {"name": name, "value": value, "timestamp": moment, "sourceId": "userId:9000001", "source": "CRM_UI"}
    return {**{key: version[key] for key in ("value", "timestamp", "source", "sourceId")}, "versions": [version]}


def _linked(portal: "Portal", target: str, index: int) -> list[int]:
    ids = portal.stores[target].ids
    return [ids.of(other) for other, _ in portal.links.of(("deals", target), index)]


def deal_pipelines(_portal: "Portal", _call: Call) -> Reply:
    """``GET /deals/v1/pipelines``: a bare array."""
    return ok(
        [
            {
                "pipelineId": pipeline.id,
                "label": pipeline.label,
                "active": True,
                "displayOrder": order,
                "staticDefault": order == 0,
                "stages": [
                    {
                        "stageId": stage.id,
                        "label": stage.label,
                        "probability": float(stage.metadata["probability"]),
                        "active": True,
                        "displayOrder": rank,
                        "closedWon": stage.metadata["probability"] == "1.0",
                    }
                    for rank, stage in enumerate(pipeline.stages)
                ],
            }
            for order, pipeline in enumerate(PIPELINES["deals"])
        ]
    )


def pipelines(portal: "Portal", call: Call) -> Reply:
    """``GET /crm-pipelines/v1/pipelines/{type}`` (HubSpot stops it on 2026-12-04)."""
    found = PIPELINES.get(portal.kind(call.parameters["type"]).name, ())
    return ok(
        {
            "results": [
                {
                    "pipelineId": pipeline.id,
                    "label": pipeline.label,
                    "active": True,
                    "displayOrder": order,
                    "objectType": call.parameters["type"].upper(),
                    "default": order == 0,
                    "stages": [
                        {
                            "stageId": stage.id,
                            "label": stage.label,
                            "displayOrder": rank,
                            "active": True,
                            "metadata": stage.metadata,
                        }
                        for rank, stage in enumerate(pipeline.stages)
                    ],
                }
                for order, pipeline in enumerate(found)
            ]
        }
    )


_COMPANIES = (("crm.objects.companies.read",),)
_DEALS = (("crm.objects.deals.read",),)
_FIXED: tuple[tuple[str, Handler, tuple[tuple[str, ...], ...]], ...] = (
    ("/companies/v2/properties", list_properties, _COMPANIES),
    ("/companies/v2/companies/paged", companies, _COMPANIES),
    ("/companies/v2/companies/recent/modified", recent_companies, _COMPANIES),
    ("/companies/v2/companies/{id}", company, _COMPANIES),
    ("/deals/v1/deal/paged", deals, _DEALS),
    ("/deals/v1/deal/recent/modified", recent_deals, _DEALS),
    ("/deals/v1/deal/{id}", deal, _DEALS),
    ("/deals/v1/pipelines", deal_pipelines, _DEALS),
)
ROUTES = [
    *(Route(method="GET", path=path, handler=handler, family="legacy", scopes=s) for path, handler, s in _FIXED),
    *(
        Route(method="GET", path=path, handler=handler, family="legacy", types=("type",), any_type_scope=True)
        for path, handler in (
            ("/properties/{version:v1|v2}/{type}/properties", list_properties),
            ("/crm-pipelines/v1/pipelines/{type}", pipelines),
        )
    ),
]
