"""HubSpot as a connector."""

import contextlib
import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from ontologie.clock import Clock
from ontologie.connectors.contract import Session, SessionTerms
from ontologie.connectors.hubspot.session import HubSpotSession
from ontologie.connectors.hubspot.streams import PAIRS, STREAMS, find_streams
from ontologie.connectors.hubspot.vendor import ASSOCIATIONS, BURST, SEARCH, HubSpotVendor
from ontologie.httpclient.budget import BudgetTerms, RequestBudget
from ontologie.httpclient.client import ApiClient, Backoff
from ontologie.httpclient.scheduler import Scheduler
from ontologie.httpclient.tokens import StaticToken
from ontologie.httpclient.transport import AiohttpTransport
from ontologie.model.stream import AssociationPair, Stream

_BUDGETS = {
    # Before the first header tells: the smallest documented limits (hubspot-api.md, section 2).
    BURST: BudgetTerms(limit=100, interval=timedelta(seconds=10), margin=timedelta(milliseconds=150), reserve=1),
    SEARCH: BudgetTerms(limit=5, interval=timedelta(seconds=1), margin=timedelta(milliseconds=60)),
    ASSOCIATIONS: BudgetTerms(limit=100, interval=timedelta(seconds=10)),
}


class HubSpot:
    """See :class:`ontologie.connectors.contract.Connector`."""

    name = "hubspot"
    streams: tuple[Stream, ...] = STREAMS

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._schedulers: dict[str, Scheduler] = {}
        self._searches: dict[tuple[str, int], RequestBudget] = {}

    def find_streams(self, names: Sequence[str]) -> tuple[Stream, ...]:
        return find_streams(names)

    def pairs(self, object_types: Sequence[str]) -> tuple[AssociationPair, ...]:
        return tuple(pair for pair in PAIRS if pair.from_type in object_types and pair.to_type in object_types)

    @contextlib.asynccontextmanager
    async def open(self, *, api_url: str, token: str, terms: SessionTerms) -> AsyncIterator[Session]:
        scheduler = self._scheduler(api_url, token)
        async with AiohttpTransport(api_url) as transport:
            client = ApiClient(
                transport,
                HubSpotVendor(scheduler, daily_share=terms.daily_share),
                scheduler,
                StaticToken(token),
                Backoff(self._clock),
            )

            def of_portal(portal_id: int) -> None:
                self._share_search(scheduler, api_url, portal_id)

            yield HubSpotSession(client, scheduler, self._clock, token=token, terms=terms, of_portal=of_portal)

    def _share_search(self, scheduler: Scheduler, api_url: str, portal_id: int) -> None:
        """HubSpot counts searches by portal, whatever app sends them (hubspot-api.md, section 2)."""
        scheduler.share(SEARCH, self._searches.setdefault((api_url, portal_id), scheduler.budget(SEARCH)))

    def _scheduler(self, api_url: str, token: str) -> Scheduler:
        """One per app of a portal, which is what a token stands for: budgets outlive sessions."""
        key = hashlib.sha256(f"{api_url} {token}".encode()).hexdigest()
        if key not in self._schedulers:
            self._schedulers[key] = Scheduler(_BUDGETS, self._clock)
        return self._schedulers[key]
