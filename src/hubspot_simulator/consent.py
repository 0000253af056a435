"""The consent page that a browser sees at ``/oauth/authorize``: who asks, for which account, for what."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec
from aiohttp import web

from hubspot_simulator.accounts import CODE_LIFE_S, Accounts, App, Code
from hubspot_simulator.pages import asset, page
from hubspot_simulator.scopes import KNOWN_SCOPES

_CHALLENGES = ("", "plain", "S256")


class Refused(Exception):
    """An install link that HubSpot shows an error page for, instead of redirecting."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What an install link asks for, checked."""

    app: App
    redirect_uri: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    state: str | None
    challenge: str
    challenge_method: str

    def answer(self, **values: str) -> str:
        """The redirect URI with these parameters, and the state as it came."""
        parts = urlsplit(self.redirect_uri)
        query = [*parse_qsl(parts.query, keep_blank_values=True), *values.items()]
        if self.state is not None:
            query.append(("state", self.state))
        return urlunsplit(parts._replace(query=urlencode(query)))


class ConsentPage:
    """``GET`` shows the page, ``POST`` is the person's answer; the consent switch can answer in their place."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def add_to(self, app: web.Application) -> None:
        """Mount at HubSpot's two addresses."""
        for path in ("/oauth/authorize", r"/oauth/{portal:\d+}/authorize"):
            app.router.add_get(path, self.show)
            app.router.add_post(path, self.decide)
        app.router.add_get("/_simulator/assets/{name:simulator\\.css|portal\\.js}", self.asset)

    async def asset(self, request: web.Request) -> web.Response:
        """The style and the script of the pages."""
        return await asyncio.to_thread(asset, request.match_info["name"])

    async def show(self, request: web.Request) -> web.Response:
        """The page, or the redirect when the switch answers."""
        try:
            asked, portals = self._asked(request.query), self._choices(request)
            if self._accounts.switches.consent == "grant":
                return self._granted(asked, portals[0])
        except Refused as error:
            return page("refused.html", 400, message=str(error))
        if self._accounts.switches.consent == "refuse":
            return _refusal(asked)
        shown = [self._accounts.portal(portal) for portal in portals]
        return page("consent.html", asked=asked, portals=shown, action=str(request.rel_url))

    async def decide(self, request: web.Request) -> web.Response:
        """Grant: a code for the chosen account. Anything else: ``error=access_denied``."""
        form = await request.post()
        try:
            asked, portals = self._asked(request.query), self._choices(request)
            if form.get("decision") != "grant":
                return _refusal(asked)
            chosen = str(form.get("account", portals[0]))
            if chosen not in map(str, portals):
                raise Refused("The account that was chosen does not exist.")
            return self._granted(asked, int(chosen))
        except Refused as error:
            return page("refused.html", 400, message=str(error))

    def _granted(self, asked: Asked, portal_id: int) -> web.Response:
        with self._accounts.lock:
            portal = self._accounts.portal(portal_id)
            lacking = portal.config.unavailable_scopes
            scopes = (*asked.required, *(scope for scope in asked.optional if scope not in lacking))
            missing = [scope for scope in asked.required if scope in lacking]
            if missing:
                raise Refused(f"Account {portal_id} has no access to the required scopes {', '.join(missing)}.")
            code = self._accounts.allow(
                Code(
                    app=asked.app,
                    portal=portal,
                    scopes=scopes,
                    redirect_uri=asked.redirect_uri,
                    expires_ms=portal.clock.now_ms() + CODE_LIFE_S * 1_000,
                    challenge=asked.challenge,
                    challenge_method=asked.challenge_method,
                )
            )
        return _redirect(asked.answer(code=code))

    def _choices(self, request: web.Request) -> list[int]:
        """The accounts on offer: all, or the one that the path preselects."""
        known = [portal.config.portal_id for portal in self._accounts.portals]
        wanted = request.match_info.get("portal")
        if wanted is None:
            return known
        if len(wanted) > 18 or int(wanted) not in known:  # noqa: PLR2004
            raise Refused(f"You have no access to account {wanted[:40]}.")
        return [int(wanted)]

    def _asked(self, query: Mapping[str, Any]) -> Asked:
        app = self._accounts.apps.get(query.get("client_id", ""))
        if app is None:
            raise Refused("The client id in the install link is missing or belongs to no app.")
        redirect_uri = query.get("redirect_uri", "")
        _check_redirect(app, redirect_uri)
        required, optional = query.get("scope", "").split(), self._optional(query)
        if not required:
            raise Refused("The install link asks for no scope.")
        unknown = [scope for scope in (*required, *optional) if scope not in (app.scopes or KNOWN_SCOPES)]
        if unknown:
            raise Refused(
                "The scopes in the install link and those of the app's settings don't match: "
                + ", ".join(scope[:60] for scope in unknown[:5])
            )
        method = query.get("code_challenge_method", "")
        if method not in _CHALLENGES:
            raise Refused(f"code_challenge_method is plain or S256, not {method[:40]}.")
        return Asked(
            app=app,
            redirect_uri=redirect_uri,
            required=tuple(dict.fromkeys(required)),
            optional=tuple(dict.fromkeys(scope for scope in optional if scope not in required)),
            state=query.get("state"),
            challenge=query.get("code_challenge", ""),
            challenge_method=method or "plain",
        )

    def _optional(self, query: Mapping[str, Any]) -> list[str]:
        """HubSpot's texts say ``optional_scopes``, its SDK sends ``optional_scope``: both are understood."""
        return [*query.get("optional_scope", "").split(), *query.get("optional_scopes", "").split()]


def _check_redirect(app: App, redirect_uri: str) -> None:
    try:
        parts = urlsplit(redirect_uri)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or "\n" in redirect_uri:
        raise Refused("The redirect URL in the install link is missing or not a web address.")
    if app.redirect_uris and redirect_uri not in app.redirect_uris:
        raise Refused(f"The redirect URL '{redirect_uri[:200]}' doesn't match the app's registered redirect URLs.")


def _refusal(asked: Asked) -> web.Response:
    return _redirect(
        asked.answer(error="access_denied", error_description="The user has refused the access that the app asked for.")
    )


def _redirect(target: str) -> web.Response:
    return web.Response(status=302, headers={"Location": target, "Cache-Control": "no-store"})
