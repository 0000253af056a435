"""The portal's page for people, at ``/_simulator/``: watch a sync, and break it by hand."""

from typing import Any

import msgspec
from aiohttp import web

from hubspot_simulator.accounts import Accounts
from hubspot_simulator.admin import EVENTS
from hubspot_simulator.bad_days import PROBABILITIES, SECONDS
from hubspot_simulator.pages import page
from hubspot_simulator.portal import LIVE_SETTINGS, Portal

_STATUS_NAMES = {
    "rate_404": "404 not found", "rate_429": "429 without cause", "rate_423": "423 locked",
    "rate_477": "477 migration", "rate_500": "500", "rate_502": "502", "rate_503": "503", "rate_504": "504",
    "rate_521": "521 server down",
    "rate_522": "522 connection timed out", "rate_523": "523 origin unreachable", "rate_524": "524 no answer in 100 s",
    "reset": "Connection reset", "truncated": "Truncated body", "malformed": "Malformed JSON", "stall": "Stall",
    "search_disorder": "Search out of order", "short_pages": "Short pages with a cursor",
    "duplicate_rows": "Duplicate rows across pages", "moving_rows": "A record moves between pages",
    "repeating_cursor": "Cursor that leads nowhere", "hidden_rows": "Lists and searches leave records out",
    "partial_batches": "Batch reads fail for half", "spoilt_records": "Spoilt records",
}  # fmt: skip
_SECONDS_NAMES = {
    "stall_s": "Stall for, s",
    "migration_retry_after_s": "477 Retry-After, s",
    "search_lag_s": "Search lag, s",
}


class AdminPage:
    """``GET /_simulator/`` and the samples that its event form starts from."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def add_to(self, app: web.Application) -> None:
        """Mount the page, and lead a browser there from the root."""
        app.router.add_get("/", self.root)
        app.router.add_get("/_simulator/", self.show)
        app.router.add_get("/_simulator", self.root)
        app.router.add_get("/_simulator/events", self.samples)

    async def root(self, _request: web.Request) -> web.Response:
        """To the page."""
        return web.Response(status=302, headers={"Location": "/_simulator/"})

    async def show(self, _request: web.Request) -> web.Response:
        """The page; what moves on it comes from ``/_simulator/state``."""
        portal = self._accounts.portals[0]
        return page(
            "portal.html",
            portals=self._accounts.portals,
            statuses=[(name, _STATUS_NAMES[name]) for name in PROBABILITIES],
            seconds=[(name, _SECONDS_NAMES[name]) for name in SECONDS],
            settings=[(name, _kind(getattr(portal.config, name))) for name in LIVE_SETTINGS],
            events=EVENTS,
        )

    async def samples(self, request: web.Request) -> web.Response:
        """Every event with arguments that work on this portal."""
        wanted = request.query.get("portal", "")
        portal = self._accounts.portals[0]
        for each in self._accounts.portals:
            if str(each.config.portal_id) == wanted:
                portal = each
        with self._accounts.lock:
            body = msgspec.json.encode(sample_events(portal))
        return web.Response(body=body, content_type="application/json")


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, tuple) else "number"


def sample_events(portal: Portal) -> dict[str, Any]:
    """An example of each event, with ids of this portal where it has the records."""
    contacts, companies = portal.stores["contacts"], portal.stores["companies"]
    live = [contacts.ids.of(index) for index, _ in zip(contacts.live_indices(), range(3), strict=False)]
    first, second = [*live, 1, 2][:2]
    company = companies.ids.of(next(companies.live_indices(), 0))
    deal = portal.stores["deals"].ids.of(next(portal.stores["deals"].live_indices(), 0))
    gone = next((contacts.ids.of(index) for index in contacts.archived()), first)
    one = {"object_type": "contacts", "object_id": first}
    pair = {"from_type": "contacts", "from_id": first, "to_type": "companies", "to_id": company}
    own = {"object_type": "contacts", "name": "added_by_hand"}
    return {
        "create": {"object_type": "contacts", "values": {"email": "new@person.example", "firstname": "Zoé"}},
        "edit": {**one, "values": {"jobtitle": "Directrice"}},
        "bulk_edit": {"object_type": "contacts", "object_ids": live, "values": {"jobtitle": "Bulk"}},
        "recalculate": {**one, "values": {"hubspotscore": "77"}},
        "move_stage": {"object_type": "deals", "object_id": deal, "stage_id": "closedwon"},
        "archive": one,
        "restore": {**one, "object_id": gone},
        "gdpr_delete": one,
        "merge": {"object_type": "contacts", "primary_id": first, "merged_id": second, "mode": "new_id"},
        "associate": pair,
        "disassociate": pair,
        "add_property": {**own, "kind": "string", "field_type": "text"},
        "retype_property": {**own, "kind": "number", "field_type": "number"},
        "archive_property": own,
    }
