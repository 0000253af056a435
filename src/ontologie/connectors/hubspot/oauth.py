"""HubSpot's OAuth: the consent page, and three posts to its token endpoint (hubspot-api.md, section 6)."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from ontologie.clock import Clock
from ontologie.connectors.contract import AuthorizationRequest
from ontologie.connectors.hubspot import streams
from ontologie.connectors.hubspot.api import VERSION
from ontologie.connectors.hubspot.wire import TokenInfo
from ontologie.errors import AuthorizationLost, Unreachable
from ontologie.httpclient.client import ApiClient, Backoff, RetryPolicy
from ontologie.httpclient.request import Priority, Request, Response
from ontologie.httpclient.scheduler import Scheduler
from ontologie.httpclient.tokens import StaticToken
from ontologie.httpclient.transport import AiohttpTransport
from ontologie.httpclient.vendor import Refusal, Treatment
from ontologie.model.credentials import OAuthClient, OAuthCredentials

T = TypeVar("T")
_CONSENT_HOST = "https://app.hubspot.com"
_API_HOST = "api.hubapi.com"
_REQUIRED = ("oauth", "crm.objects.contacts.read")
"""Without these there is nothing to connect. HubSpot refuses the install where one cannot be granted; the optional
ones are left out in silence instead."""
_OPTIONAL = ("crm.objects.owners.read",)
_CUSTOM = ("crm.objects.custom.read", "crm.schemas.custom.read")
"""To list the account's own object types and to read them."""
_PATIENCE = RetryPolicy(max_attempts=3, longest_wait=timedelta(seconds=5))

_CODES = {
    "BAD_REFRESH_TOKEN": "HUBSPOT_TOKEN_REVOKED",
    "BAD_HUB": "HUBSPOT_APP_UNINSTALLED",
    "BAD_AUTH_CODE": "OAUTH_CODE_REFUSED",
    "EXPIRED_AUTH_CODE": "OAUTH_CODE_REFUSED",
    "BAD_CODE_VERIFIER": "OAUTH_CODE_REFUSED",
    "BAD_CLIENT_ID": "OAUTH_CLIENT_REFUSED",
    "BAD_CLIENT_SECRET": "OAUTH_CLIENT_REFUSED",
    "BAD_REDIRECT_URI": "OAUTH_REDIRECT_REFUSED",
    "MISMATCH_REDIRECT_URI_AUTH_CODE": "OAUTH_REDIRECT_REFUSED",
    "BAD_SCOPES": "OAUTH_SCOPES_REFUSED",
}


class _Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of the token endpoint; on the wire in snake case, unlike the rest of the API."""

    access_token: str
    refresh_token: str
    expires_in: int


class _Introspection(msgspec.Struct, frozen=True, kw_only=True):
    active: bool
    hub_id: int | None = None
    hub_domain: str = ""
    app_id: int | None = None
    scopes: tuple[str, ...] = ()


class _Refused(msgspec.Struct, frozen=True, kw_only=True):
    status: str = ""
    error: str = ""


_tokens = msgspec.json.Decoder(_Tokens).decode
_introspection = msgspec.json.Decoder(_Introspection).decode


def scopes_for(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The scopes to require, and those to ask for besides, for these streams (empty: all that are offered). Those of
    custom objects always: which ones there are is only known to who may list them."""
    wanted = streams.find_streams(names) or streams.STREAMS
    kinds = [streams.object_type(kind) for stream in wanted for kind in stream.object_types]
    optional = {*_OPTIONAL, *_CUSTOM, *(scope for kind in kinds for scope in (kind.scope, *kind.also))}
    return _REQUIRED, tuple(sorted(optional.difference(_REQUIRED)))


def consent_url(request: AuthorizationRequest) -> str:
    """Where the user says yes. A known portal is selected beforehand."""
    required, optional = scopes_for(request.streams)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(request.verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "client_id": request.client.client_id,
        "redirect_uri": request.redirect_uri,
        "scope": " ".join(required),
        "optional_scope": " ".join(optional),
        "state": request.state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    account = f"/{request.portal_id}" if request.portal_id is not None else ""
    return f"{_consent_host(request.api_url)}/oauth{account}/authorize?{urlencode(query, quote_via=quote)}"


def _consent_host(api_url: str) -> str:
    """HubSpot's own pages are on another host than its API; any other portal has both on one."""
    parts = urlsplit(api_url)
    return _CONSENT_HOST if parts.hostname == _API_HOST else f"{parts.scheme}://{parts.netloc}"


class OAuthApi:
    """The token endpoint, for one client. Raises AuthorizationLost with the code of what was refused, Unreachable."""

    def __init__(self, api_url: str, client: OAuthClient, clock: Clock) -> None:
        self._api_url = api_url
        self._client = client
        self._clock = clock

    def __repr__(self) -> str:
        return f"OAuthApi({self._client!r})"

    async def exchange(self, request: AuthorizationRequest, code: str, *, own: bool) -> OAuthCredentials:
        """An authorization code, used up, for the account's tokens."""
        form = {"code": code, "redirect_uri": request.redirect_uri, "code_verifier": request.verifier}
        return await self._grant("authorization_code", form, own=own, idempotent=False)

    async def refresh(self, credentials: OAuthCredentials) -> OAuthCredentials:
        """New tokens. The refresh token that comes back may be another one."""
        form = {"refresh_token": credentials.refresh_token}
        return await self._grant("refresh_token", form, own=credentials.client is not None, idempotent=True)

    async def introspect(self, access_token: str) -> TokenInfo | None:
        """Whose token it is and what it may read; None when it is expired or revoked."""
        form = {"token": access_token, "token_type_hint": "access_token"}
        found = await self._post("/introspect", form, _introspection, idempotent=True)
        if not found.active or found.hub_id is None:
            return None
        return TokenInfo(hub_id=found.hub_id, app_id=found.app_id, scopes=found.scopes, hub_domain=found.hub_domain)

    async def _grant(self, kind: str, form: dict[str, str], *, own: bool, idempotent: bool) -> OAuthCredentials:
        asked_at = self._clock.now()  # before the request: the life of a token begins at the other end
        found = await self._post("", {"grant_type": kind, **form}, _tokens, idempotent=idempotent)
        return OAuthCredentials(
            client=self._client if own else None,
            access_token=found.access_token,
            refresh_token=found.refresh_token,
            issued_at=asked_at,
            expires_at=asked_at + timedelta(seconds=found.expires_in),
        )

    async def _post(self, suffix: str, form: dict[str, str], decode: Callable[[bytes], T], *, idempotent: bool) -> T:
        secret = {"client_id": self._client.client_id, "client_secret": self._client.client_secret}
        request = Request(
            method="POST",
            path=f"/oauth/{VERSION}/token{suffix}",
            body=urlencode({**secret, **form}).encode(),
            content_type="application/x-www-form-urlencoded",
            priority=Priority.INTERACTIVE,
            idempotent=idempotent,
        )
        async with AiohttpTransport(self._api_url) as transport:
            scheduler = Scheduler({}, self._clock)
            backoff = Backoff(self._clock, _PATIENCE)
            return await ApiClient(transport, _Endpoint(), scheduler, StaticToken(""), backoff).fetch(request, decode)


class _Endpoint:
    """What the token endpoint's refusals mean. It has no budget: a handful of requests an hour."""

    def before(self, request: Request) -> None:
        """Nothing to count."""

    def observe(self, request: Request, response: Response) -> None:
        """Its headers tell nothing."""

    def judge(self, request: Request, response: Response) -> Refusal:
        detail = f"{request!r}: {response.status}"
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status == HTTPStatus.TOO_MANY_REQUESTS:
            return Refusal(error=Unreachable(detail), treatment=Treatment.BACK_OFF)
        try:
            status = msgspec.json.decode(response.body, type=_Refused).status
        except msgspec.DecodeError:
            status = ""
        code = _CODES.get(status, "OAUTH_REFUSED")
        return Refusal(error=AuthorizationLost(f"{detail} {status}", code=code, status=status or response.status))
