"""Servers in a few lines: what a portal answers, by a function of the request."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from ontologie.clock import SystemClock
from ontologie.connectors.hubspot.api import ObjectsApi
from ontologie.connectors.hubspot.portals import ASSOCIATIONS, BURST, SEARCH
from ontologie.connectors.hubspot.vendor import HubSpotVendor
from ontologie.httpclient.budget import BudgetTerms
from ontologie.httpclient.client import ApiClient, Backoff, RetryPolicy
from ontologie.httpclient.request import Priority, Request, Response
from ontologie.httpclient.scheduler import Scheduler
from ontologie.httpclient.tokens import StaticToken
from tests.unit.httpclient.doubles import ScriptedTransport, answer

_QUICK = RetryPolicy(max_attempts=2, first_wait=timedelta(milliseconds=1))


def budgets() -> dict[str, BudgetTerms]:
    """Limits that never bite."""
    return {name: BudgetTerms(limit=100_000, interval=timedelta(seconds=1)) for name in (BURST, SEARCH, ASSOCIATIONS)}


def vendor(scheduler: Scheduler, daily_share: float = 0.9) -> HubSpotVendor:
    return HubSpotVendor(scheduler, SystemClock(), daily_share=daily_share)


def client_of(respond: Callable[[Request], Response]) -> tuple[ApiClient, ScriptedTransport]:
    transport = ScriptedTransport(respond)
    return client_over(transport), transport


def client_over(transport: ScriptedTransport) -> ApiClient:
    scheduler = Scheduler(budgets(), SystemClock())
    return ApiClient(transport, vendor(scheduler), scheduler, StaticToken("t"), Backoff(SystemClock(), _QUICK))


def objects_of(respond: Callable[[Request], Response], object_type: str = "contacts") -> ObjectsApi:
    return ObjectsApi(client_of(respond)[0], object_type, Priority.BACKFILL)


def objects_over(transport: ScriptedTransport) -> ObjectsApi:
    return ObjectsApi(client_over(transport), "contacts", Priority.BACKFILL)


def record(record_id: int | str, properties: dict[str, Any] | None = None, **others: Any) -> dict[str, Any]:
    """A record as JSON."""
    moment = "2026-11-20T12:00:00.000Z"
    return {
        "id": str(record_id),
        "properties": properties or {},
        "createdAt": moment,
        "updatedAt": moment,
        "archived": False,
        **others,
    }


def page(rows: Sequence[dict[str, Any]], after: str | None = None, total: int | None = None) -> Response:
    made: dict[str, Any] = {"results": list(rows)}
    if after is not None:
        made["paging"] = {"next": {"after": after}}
    if total is not None:
        made["total"] = total
    return answer(body=msgspec.json.encode(made))


def query_of(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(request.body or b"{}")
    return found


class Shelf:
    """A portal of bare ids that lists and searches as HubSpot does. Subclass it to misbehave."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = sorted(ids)

    def __call__(self, request: Request) -> Response:
        return self.search(query_of(request)) if request.path.endswith("/search") else self.list(dict(request.params))

    def list(self, params: dict[str, str]) -> Response:
        first = int(params.get("after", "0"))
        found = [item for item in self.ids if item >= first]
        after = str(found[100]) if len(found) > 100 else None
        return page([record(item) for item in found[:100]], after)

    def search(self, query: dict[str, Any]) -> Response:
        found = [item for item in self.ids if any(first <= item < end for first, end in bounds_of(query))]
        if query.get("sorts", [{}])[0].get("direction") == "DESCENDING":
            found.reverse()
        limit = query["limit"]
        return page([record(item) for item in found[:limit]], str(limit) if len(found) > limit else None, len(found))


def bounds_of(query: dict[str, Any]) -> list[tuple[int, int]]:
    """The ranges of ids that a search's groups of filters ask for, each up to but not including its end."""
    groups = [
        {one["operator"]: int(one["value"]) for one in group["filters"] if one["propertyName"] == "hs_object_id"}
        for group in query["filterGroups"]
    ]
    return [(bounds.get("GTE", 0), bounds.get("LT", 2**63)) for bounds in groups or [{}]]
