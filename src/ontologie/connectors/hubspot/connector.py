"""HubSpot as a connector."""

import contextlib
import hashlib
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence

from ontologie.clock import Clock
from ontologie.connectors.contract import AuthorizationRequest, Session, SessionTerms
from ontologie.connectors.hubspot import api
from ontologie.connectors.hubspot.lists import UrlLimit
from ontologie.connectors.hubspot.oauth import OAuthApi, consent_url, scopes_for
from ontologie.connectors.hubspot.portals import Portals, budget_terms
from ontologie.connectors.hubspot.session import HubSpotSession
from ontologie.connectors.hubspot.streams import PAIRS, STREAMS, find_streams
from ontologie.connectors.hubspot.vendor import HubSpotVendor
from ontologie.connectors.hubspot.wire import TokenInfo
from ontologie.errors import AuthorizationLost, UsageError
from ontologie.httpclient.client import ApiClient, Backoff
from ontologie.httpclient.scheduler import Scheduler
from ontologie.httpclient.tokens import CredentialKeeper, OAuthToken, StaticToken, TokenSource
from ontologie.httpclient.transport import AiohttpTransport
from ontologie.model.credentials import OAuthClient, OAuthCredentials, TokenCredentials
from ontologie.model.stream import AssociationPair, Stream

_TOKEN = re.compile(r"[!-~]{8,512}")


class HubSpot:
    """See :class:`ontologie.connectors.contract.Connector`."""

    name = "hubspot"
    streams: tuple[Stream, ...] = STREAMS

    def __init__(self, clock: Clock, oauth_client: OAuthClient | None = None) -> None:
        self._clock = clock
        self._oauth_client = oauth_client
        self._portals = Portals(clock)
        self._url_limits: defaultdict[str, UrlLimit] = defaultdict(UrlLimit)

    def find_streams(self, names: Sequence[str]) -> tuple[Stream, ...]:
        return find_streams(names)

    def pairs(self, object_types: Sequence[str]) -> tuple[AssociationPair, ...]:
        return tuple(pair for pair in PAIRS if pair.from_type in object_types and pair.to_type in object_types)

    @contextlib.asynccontextmanager
    async def open(self, *, api_url: str, credentials: CredentialKeeper, terms: SessionTerms) -> AsyncIterator[Session]:
        kept = await credentials.read()
        scheduler = Scheduler(budget_terms(terms), self._clock)
        vendor = HubSpotVendor(
            scheduler, self._clock, daily_share=terms.daily_share, most_per_10_s=terms.most_requests_per_10_s
        )
        oauth: OAuthApi | None = None
        tokens: TokenSource
        if isinstance(kept, TokenCredentials):
            tokens = StaticToken(kept.token)
        else:
            oauth = self._oauth(api_url, kept.client)
            tokens = OAuthToken(credentials, oauth.refresh, self._clock)
        async with AiohttpTransport(api_url) as transport:
            client = ApiClient(transport, vendor, scheduler, tokens, Backoff(self._clock))

            def joined(portal_id: int, app: str) -> None:
                vendor.count_in(self._portals.join(scheduler, api_url=api_url, portal_id=portal_id, app=app))

            session = HubSpotSession(
                client,
                self._clock,
                vendor=vendor,
                identity=TokenIdentity(client, tokens, oauth, joined),
                terms=terms,
                url_limit=self._url_limits[api_url],
            )
            try:
                yield session
            finally:
                await session.close()

    def check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise UsageError("malformed token", code="HUBSPOT_TOKEN_MALFORMED")

    def preconfigured_client(self) -> OAuthClient | None:
        return self._oauth_client

    def oauth_scopes(self, streams: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return scopes_for(streams)

    def consent_url(self, request: AuthorizationRequest) -> str:
        return consent_url(request)

    async def exchange(self, request: AuthorizationRequest, code: str) -> OAuthCredentials:
        endpoint = OAuthApi(request.api_url, request.client, self._clock)
        return await endpoint.exchange(request, code, own=request.own_client)

    def _oauth(self, api_url: str, own: OAuthClient | None) -> OAuthApi:
        client = own or self._oauth_client
        if client is None:
            raise AuthorizationLost("no OAuth app is set", code="OAUTH_CLIENT_MISSING")
        return OAuthApi(api_url, client, self._clock)


class TokenIdentity:
    """See :class:`ontologie.connectors.hubspot.session.Identity`. A pasted token and an OAuth one are told apart:
    HubSpot describes each at an endpoint of its own."""

    def __init__(
        self, client: ApiClient, tokens: TokenSource, oauth: OAuthApi | None, joined: Callable[[int, str], None]
    ) -> None:
        self._client = client
        self._tokens = tokens
        self._oauth = oauth
        self._joined = joined
        self._fingerprint = ""

    async def describe(self) -> TokenInfo:
        token = await self._tokens.current()
        self._fingerprint = hashlib.sha256(token.encode()).hexdigest()
        if self._oauth is None:
            return await api.token_info(self._client, token)
        info = await self._oauth.introspect(token)
        if info is None and await self._tokens.renew(token):
            info = await self._oauth.introspect(await self._tokens.current())
        if info is None:
            raise AuthorizationLost("a new token is not active either", code="HUBSPOT_TOKEN_REVOKED")
        return info

    def joined(self, portal_id: int, app_id: int | None) -> None:
        self._joined(portal_id, self._fingerprint if app_id is None else str(app_id))
