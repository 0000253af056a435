"""The OAuth part of the admin API: apps, the consent switch, uninstalling, scopes that change."""

import hashlib
from typing import Any

import msgspec

from hubspot_simulator.accounts import App
from hubspot_simulator.clock import iso
from hubspot_simulator.portal import Portal


class _Scopes(msgspec.Struct, forbid_unknown_fields=True):
    client_id: str
    scopes: tuple[str, ...]


class _Change(msgspec.Struct, forbid_unknown_fields=True):
    app: App | None = None
    uninstall: str | None = None
    scopes: _Scopes | None = None
    switches: dict[str, Any] = {}


def change_oauth(portal: Portal, body: bytes) -> dict[str, Any]:
    """``POST /_simulator/oauth``: ``{"app": {…}, "uninstall": "client id", "scopes": {…}, "switches": {…}}``."""
    wanted, accounts = msgspec.json.decode(body, type=_Change), portal.accounts
    accounts.switch(**wanted.switches)
    if wanted.app is not None:
        accounts.register(wanted.app)
    if wanted.scopes is not None:
        accounts.change_scopes(wanted.scopes.client_id, portal, wanted.scopes.scopes)
    if wanted.uninstall is not None:
        accounts.uninstall(wanted.uninstall, portal)
    return oauth_state(portal)


def oauth_state(portal: Portal) -> dict[str, Any]:
    """Apps, switches and what is installed in this account; no secret and no whole token."""
    accounts = portal.accounts
    return {
        "switches": accounts.switches,
        "apps": [
            {name: value for name, value in msgspec.structs.asdict(app).items() if name != "client_secret"}
            for app in accounts.apps.values()
        ],
        "installed": [
            {"client_id": each.app.client_id, "name": each.app.name, "scopes": each.scopes}
            for each in accounts.installations.values()
            if each.portal is portal
        ],
    }


def token_state(portal: Portal) -> list[dict[str, Any]]:
    """The tokens of this account, shortened, with what they may do and until when."""
    return [
        {
            "id": _short(token),
            "token": f"{token[:11]}…{token[-4:]}",
            "app": grant.app,
            "oauth": bool(grant.client_id),
            "scopes": sorted(grant.scopes),
            "expires_at": None if grant.expires_ms is None else iso(grant.expires_ms),
        }
        for token, grant in portal.grants.items()
    ]


def _short(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:12]


def token_of(portal: Portal, short: str) -> str:
    """The token that ``token_state`` gave this id; LookupError for an unknown one."""
    for token in portal.grants:
        if _short(token) == short:
            return token
    raise LookupError("name a token, or an id that the state lists")
