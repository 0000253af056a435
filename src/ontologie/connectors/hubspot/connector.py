"""HubSpot as a connector."""

import contextlib
import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

from ontologie.clock import Clock
from ontologie.connectors.contract import Session, SessionTerms
from ontologie.connectors.hubspot.lists import UrlLimit
from ontologie.connectors.hubspot.portals import Portals, budget_terms
from ontologie.connectors.hubspot.session import HubSpotSession
from ontologie.connectors.hubspot.streams import PAIRS, STREAMS, find_streams
from ontologie.connectors.hubspot.vendor import HubSpotVendor
from ontologie.httpclient.client import ApiClient, Backoff
from ontologie.httpclient.scheduler import Scheduler
from ontologie.httpclient.tokens import StaticToken
from ontologie.httpclient.transport import AiohttpTransport
from ontologie.model.stream import AssociationPair, Stream


class HubSpot:
    """See :class:`ontologie.connectors.contract.Connector`."""

    name = "hubspot"
    streams: tuple[Stream, ...] = STREAMS

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._portals = Portals(clock)
        self._url_limits: defaultdict[str, UrlLimit] = defaultdict(UrlLimit)

    def find_streams(self, names: Sequence[str]) -> tuple[Stream, ...]:
        return find_streams(names)

    def pairs(self, object_types: Sequence[str]) -> tuple[AssociationPair, ...]:
        return tuple(pair for pair in PAIRS if pair.from_type in object_types and pair.to_type in object_types)

    @contextlib.asynccontextmanager
    async def open(self, *, api_url: str, token: str, terms: SessionTerms) -> AsyncIterator[Session]:
        scheduler = Scheduler(budget_terms(terms.free_share), self._clock)
        vendor = HubSpotVendor(scheduler, daily_share=terms.daily_share)
        async with AiohttpTransport(api_url) as transport:
            client = ApiClient(transport, vendor, scheduler, StaticToken(token), Backoff(self._clock))

            def of_portal(portal_id: int, app_id: int | None) -> None:
                app = str(app_id) if app_id is not None else hashlib.sha256(token.encode()).hexdigest()
                vendor.quotas = self._portals.join(scheduler, api_url=api_url, portal_id=portal_id, app=app)

            yield HubSpotSession(
                client,
                self._clock,
                token=token,
                terms=terms,
                url_limit=self._url_limits[api_url],
                of_portal=of_portal,
            )
