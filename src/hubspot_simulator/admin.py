"""The admin API under ``/_simulator/``: the portal's clock, switches, events, truth, counts and apps. No token.

``?portal=145000002`` speaks to another account than the first.
"""

import inspect
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from aiohttp import web

from hubspot_simulator.accounts import Accounts
from hubspot_simulator.admin_oauth import change_oauth, oauth_state, token_of, token_state
from hubspot_simulator.bad_days import BadDays
from hubspot_simulator.clock import iso, parse_moment
from hubspot_simulator.errors import ApiError
from hubspot_simulator.events import MergeMode
from hubspot_simulator.portal import LIVE_SETTINGS, Portal

EVENTS = (
    "create", "edit", "bulk_edit", "recalculate", "move_stage", "archive", "restore", "gdpr_delete", "merge",
    "associate", "disassociate", "add_property", "retype_property", "archive_property",
)  # fmt: skip
_ARGUMENTS: dict[str, Any] = {
    **dict.fromkeys(("object_type", "from_type", "to_type", "name", "kind", "field_type", "stage_id", "at"), str),
    **dict.fromkeys(("object_id", "from_id", "to_id", "primary_id", "merged_id"), int),
    "object_ids": list[int],
    "values": dict[str, str | None],
    "type_id": int | None,
    "mode": MergeMode,
}
_TRUTH_LINES = 500
_MOST_EVENTS = 100_000
_FAR_MS = 10**13  # past what the clock accepts, which then says so


class _Clock(msgspec.Struct, forbid_unknown_fields=True):
    freeze: bool | None = None
    set: str | None = None
    advance_s: float | None = None


class _Event(msgspec.Struct, forbid_unknown_fields=True):
    event: str
    arguments: dict[str, Any] = {}


class _Script(msgspec.Struct, forbid_unknown_fields=True):
    rate_per_s: float | None = None
    play: int = 0
    kinds: list[str] | None = None


class _Token(msgspec.Struct, forbid_unknown_fields=True):
    token: str = ""
    id: str = ""
    scopes: list[str] | None = None
    expires_in_s: float | None = None
    revoke: bool = False


class Admin:
    """The handlers; a bad request is 400 with one sentence and the allowed values."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def add_to(self, app: web.Application) -> None:
        """Mount under ``/_simulator/``."""
        app.router.add_get("/_simulator/state", self.state)
        app.router.add_get("/_simulator/statistics", self.statistics)
        app.router.add_get("/_simulator/truth", self.truth)
        for name in _CHANGES:
            app.router.add_post(f"/_simulator/{name}", self.post)

    def _portal(self, request: web.Request) -> Portal:
        wanted = request.query.get("portal")
        if wanted is None:
            return self._accounts.portals[0]
        return self._accounts.portal(int(wanted) if wanted.isascii() and wanted.isdigit() else -1)

    async def state(self, request: web.Request) -> web.Response:
        """Everything but the records."""
        try:
            portal = self._portal(request)
        except LookupError as error:
            return _refusal(error)
        with self._accounts.lock:
            return _json(_state(portal))

    async def statistics(self, request: web.Request) -> web.Response:
        """Requests, 429s and other errors by endpoint family."""
        try:
            return _json(self._portal(request).statistics.families)
        except LookupError as error:
            return _refusal(error)

    async def truth(self, request: web.Request) -> web.StreamResponse:
        """The exact state as JSON lines; ``?type=contacts`` for one type's records only.

        Taken as it is while it streams: stop the script first for one moment's state.
        """
        wanted = request.query.get("type")
        try:
            portal = self._portal(request)
        except LookupError as error:
            return _refusal(error)
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        lines: list[bytes] = []
        for line in portal.truth():
            if wanted is not None and line.get("type") != wanted:
                continue
            lines.append(msgspec.json.encode(line))
            if len(lines) == _TRUTH_LINES:
                await response.write(b"\n".join(lines) + b"\n")
                lines.clear()
        if lines:
            await response.write(b"\n".join(lines) + b"\n")
        await response.write_eof()
        return response

    async def post(self, request: web.Request) -> web.Response:
        """Every change: the last part of the path names it."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return _json({"status": "error", "message": "another site's page may not change the portal"}, 403)
        body = await request.read()
        change = _CHANGES[request.path.rpartition("/")[2]]
        try:
            with self._accounts.lock:
                return _json(change(self._portal(request), body or b"{}"))
        except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError, ApiError) as error:
            return _refusal(error)


def _state(portal: Portal) -> dict[str, Any]:
    clock, limits = portal.clock, portal.limits
    now_s = clock.limits_s()
    return {
        "account": portal.config.portal_id,
        "accounts": [each.config.portal_id for each in portal.accounts.portals],
        "oauth": oauth_state(portal),
        "tokens": token_state(portal),
        "now": iso(clock.now_ms()),
        "frozen": clock.frozen,
        "config": {**msgspec.structs.asdict(portal.config), "token": "…"},
        "bad_days": portal.mischief.days,
        "script": {"rate_per_s": portal.script.rate_per_s, "played": portal.script.played},
        "limits": {
            "search_remaining": limits.search.remaining(now_s),
            "associations_remaining": limits.associations.remaining(now_s),
            "bars": limits.bars(),
            "daily_limit": limits.daily_limit,
            "used_today": limits.used_today(),
        },
        "records": {
            name: {"live": store.size - len(store.gone), "archived": len(store.archived())}
            for name, store in portal.stores.items()
        },
        "statistics": portal.statistics.families,
    }


def _clock(portal: Portal, body: bytes) -> dict[str, Any]:
    wanted, clock = msgspec.json.decode(body, type=_Clock), portal.clock
    if wanted.freeze is not None:
        clock.freeze() if wanted.freeze else clock.unfreeze()
    if wanted.set is not None:
        clock.set(_moment(wanted.set))
    if wanted.advance_s is not None:
        clock.advance(timedelta(seconds=wanted.advance_s))
    return {"now": iso(clock.now_ms()), "frozen": clock.frozen}


def _config(portal: Portal, body: bytes) -> dict[str, Any]:
    changes = msgspec.json.decode(body, type=dict[str, Any])
    portal.configure(**changes)
    return {name: getattr(portal.config, name) for name in LIVE_SETTINGS}


def _bad_days(portal: Portal, body: bytes) -> BadDays:
    changes = msgspec.json.decode(body, type=dict[str, Any])
    known = msgspec.structs.asdict(portal.mischief.days)
    unknown = sorted(set(changes) - set(known))
    if unknown:
        raise ValueError(f"there is no switch {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    portal.mischief.days = msgspec.convert(known | changes, BadDays)
    return portal.mischief.days


def _events(portal: Portal, body: bytes) -> dict[str, Any]:
    wanted = msgspec.json.decode(body, type=_Event)
    if wanted.event not in EVENTS:
        raise ValueError(f"there is no event {wanted.event}; there are {', '.join(EVENTS)}")
    event, arguments = getattr(portal.events, wanted.event), dict(wanted.arguments)
    inspect.signature(event).bind(**arguments)
    arguments = {name: msgspec.convert(value, _ARGUMENTS[name], strict=False) for name, value in arguments.items()}
    if "at" in arguments:
        arguments["at"] = _moment(arguments["at"])
    return {"result": event(**arguments)}


def _script(portal: Portal, body: bytes) -> dict[str, Any]:
    wanted, script = msgspec.json.decode(body, type=_Script), portal.script
    if wanted.rate_per_s is not None:
        if wanted.rate_per_s < 0:
            raise ValueError(f"rate_per_s must not be negative, not {wanted.rate_per_s}")
        script.rate_per_s = wanted.rate_per_s
    if not 0 <= wanted.play <= _MOST_EVENTS:
        raise ValueError(f"play must be between 0 and {_MOST_EVENTS:,}, not {wanted.play}")
    if wanted.kinds is not None:
        script.choose(wanted.kinds)
    return {"played": script.play(wanted.play), "rate_per_s": script.rate_per_s, "kinds": script.kinds}


def _tokens(portal: Portal, body: bytes) -> dict[str, Any]:
    wanted = msgspec.json.decode(body, type=_Token)
    token = wanted.token or token_of(portal, wanted.id)
    if wanted.revoke:
        portal.revoke(token)
        return {"revoked": True}
    grant = portal.issue(token, wanted.scopes, wanted.expires_in_s)
    expires = None if grant.expires_ms is None else iso(grant.expires_ms)
    return {"scopes": sorted(grant.scopes), "expires_at": expires}


def _statistics(portal: Portal, _body: bytes) -> dict[str, Any]:
    portal.statistics.reset()
    return {}


def _moment(text: str) -> datetime:
    ms = parse_moment(text)
    if ms is None:
        raise ValueError(f"a moment is milliseconds or ISO 8601, not {text[:60]}")
    return datetime.fromtimestamp(max(min(ms, _FAR_MS), -_FAR_MS) / 1_000, UTC)


def _refusal(error: Exception) -> web.Response:
    return _json({"status": "error", "message": str(error)}, 400)


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")


_CHANGES: dict[str, Callable[[Portal, bytes], Any]] = {
    "clock": _clock,
    "config": _config,
    "bad-days": _bad_days,
    "events": _events,
    "script": _script,
    "tokens": _tokens,
    "statistics": _statistics,
    "oauth": change_oauth,
}
