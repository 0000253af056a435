"""The accounts behind one simulator, the OAuth apps they know, and who has installed what."""

import threading
from typing import TYPE_CHECKING, Literal, get_args
from uuid import uuid4

import msgspec

from hubspot_simulator.call import Grant

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

DEFAULT_CLIENT_ID = "00000000-0000-4000-8000-0000000000a1"
DEFAULT_CLIENT_SECRET = "00000000-0000-4000-8000-0000000000b2"
ACCESS_TOKEN_LIFE_S = 1_800
CODE_LIFE_S = 60
USER_ID = 9_000_001
Consent = Literal["ask", "grant", "refuse"]
_FORGET_AFTER_MS = 86_400_000


class App(msgspec.Struct, frozen=True, kw_only=True):
    """A registered OAuth app.

    ``redirect_uris`` empty: any is accepted at the consent page (the exchange still wants the same one).
    ``scopes`` empty: any known scope may be asked for; else HubSpot refuses an install link that asks for others.
    ``private_distribution``: counted like a private app (its limits, daily headers) instead of 110 per 10 s.
    """

    client_id: str
    client_secret: str
    app_id: int
    name: str = "Test app"
    redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    private_distribution: bool = False


class Installation(msgspec.Struct, kw_only=True):
    """An app in an account: what it may do there, and the refresh token that lives as long as it does."""

    app: App
    portal: "Portal"
    scopes: tuple[str, ...]
    refresh_token: str


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """An authorization code on its way; exchanged once, before it expires."""

    app: App
    portal: "Portal"
    scopes: tuple[str, ...]
    redirect_uri: str
    expires_ms: int
    challenge: str = ""
    challenge_method: str = ""


class Switches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``consent``: the page asks a person, or answers by itself. ``rotate_refresh_tokens``: each refresh gives
    a new refresh token and ends the old one (HubSpot gives the same one back)."""

    consent: Consent = "ask"
    rotate_refresh_tokens: bool = False


class Accounts:
    """Shared by all portals of a simulator; callers hold ``lock`` around several steps."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.portals: list[Portal] = []
        self.apps: dict[str, App] = {}
        self.codes: dict[str, Code] = {}
        self.installations: dict[str, Installation] = {}
        self.disconnected: set[str] = set()
        """Refresh tokens of apps that were uninstalled; one that was only revoked is unknown instead."""
        self.switches = Switches()
        self.register(App(client_id=DEFAULT_CLIENT_ID, client_secret=DEFAULT_CLIENT_SECRET, app_id=3_100_001))

    def register(self, app: App) -> None:
        """Make an app known, or change it."""
        self.apps[app.client_id] = app

    def portal(self, portal_id: int) -> "Portal":
        """The account of this id; LookupError naming those there are."""
        for portal in self.portals:
            if portal.config.portal_id == portal_id:
                return portal
        known = ", ".join(str(portal.config.portal_id) for portal in self.portals)
        raise LookupError(f"there is no account {portal_id}; there are {known}")

    def of_token(self, authorization: str) -> "Portal":
        """The account that a bearer token belongs to; the first one for a token nobody knows."""
        token = authorization.partition(" ")[2].strip()
        return next((portal for portal in self.portals if token in portal.grants), self.portals[0])

    def allow(self, code: Code) -> str:
        """A new authorization code for what was consented to."""
        text = str(uuid4())
        self.codes[text] = code
        return text

    def install(self, app: App, portal: "Portal", scopes: tuple[str, ...]) -> Installation:
        """Install an app; installed again it keeps its refresh token and takes the new scopes [?]."""
        for known in self.installations.values():
            if known.app.client_id == app.client_id and known.portal is portal:
                known.scopes = scopes
                return known
        installed = Installation(app=app, portal=portal, scopes=scopes, refresh_token=_refresh_token(portal))
        self.installations[installed.refresh_token] = installed
        return installed

    def rotate(self, installed: Installation) -> None:
        """Give an installation another refresh token; the old one is dead."""
        self.installations.pop(installed.refresh_token, None)
        installed.refresh_token = _refresh_token(installed.portal)
        self.installations[installed.refresh_token] = installed

    def access(self, app: App, portal: "Portal", scopes: tuple[str, ...]) -> str:
        """A new access token, good for 30 minutes of the portal's clock."""
        now_ms = portal.clock.now_ms()
        _forget_expired(portal, now_ms)
        token = f"CM{uuid4().hex}{uuid4().hex}{uuid4().hex}"
        portal.grants[token] = Grant(
            app=f"app {app.app_id}",
            scopes=set(scopes),
            app_id=app.app_id,
            user_id=USER_ID,
            expires_ms=now_ms + ACCESS_TOKEN_LIFE_S * 1_000,
            client_id=app.client_id,
            public=not app.private_distribution,
        )
        return token

    def uninstall(self, client_id: str, portal: "Portal") -> int:
        """Remove an app from an account: refresh and access tokens die at once; returns how many.

        LookupError when it is not installed there.
        """
        refresh = [
            token
            for token, each in self.installations.items()
            if each.app.client_id == client_id and each.portal is portal
        ]
        access = [token for token, grant in portal.grants.items() if client_id and grant.client_id == client_id]
        if not refresh and not access:
            raise LookupError(f"no app {client_id} is installed in account {portal.config.portal_id}")
        for token in refresh:
            del self.installations[token]
            self.disconnected.add(token)
        for token in access:
            del portal.grants[token]
        return len(refresh) + len(access)

    def change_scopes(self, client_id: str, portal: "Portal", scopes: tuple[str, ...]) -> None:
        """What an installed app may do from now on, its living access tokens included; LookupError as ``uninstall``."""
        installed = [
            each for each in self.installations.values() if each.app.client_id == client_id and each.portal is portal
        ]
        if not installed:
            raise LookupError(f"no app {client_id} is installed in account {portal.config.portal_id}")
        for each in installed:
            each.scopes = scopes
        for grant in portal.grants.values():
            if grant.client_id == client_id:
                grant.scopes = set(scopes)

    def switch(self, **changes: object) -> None:
        """Change switches; ValueError naming the allowed ones and their values."""
        known = msgspec.structs.asdict(self.switches)
        unknown = sorted(set(changes) - set(known))
        if unknown:
            raise ValueError(f"there is no OAuth switch {', '.join(unknown)}; there are {', '.join(known)}")
        consent = changes.get("consent", "ask")
        if consent not in get_args(Consent):
            raise ValueError(f"consent is one of {', '.join(get_args(Consent))}, not {consent}")
        self.switches = msgspec.convert(known | changes, Switches)


def _refresh_token(portal: "Portal") -> str:
    return f"{portal.hublet}-{uuid4()}"


def _forget_expired(portal: "Portal", now_ms: int) -> None:
    """Tokens a day past their end are 401 as unknown ones are; a portal that runs for weeks stays small."""
    old = [
        token
        for token, grant in portal.grants.items()
        if grant.expires_ms is not None and grant.expires_ms < now_ms - _FORGET_AFTER_MS
    ]
    for token in old:
        del portal.grants[token]
