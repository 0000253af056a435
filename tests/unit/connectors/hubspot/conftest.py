"""A simulated portal in process, and a session on it."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

import pytest

from hubspot_simulator import DEFAULT_TOKEN, Portal, PortalConfig, serve
from ontologie.clock import SystemClock
from ontologie.connectors.contract import Session, SessionTerms
from ontologie.connectors.hubspot.connector import HubSpot
from ontologie.httpclient.tokens import GivenCredentials
from ontologie.model.credentials import TokenCredentials

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SMALL = {
    "companies": 3,
    "deals": 3,
    "tickets": 3,
    "emails": 3,
    "calls": 3,
    "notes": 3,
    "tasks": 3,
    "meetings": 3,
    "communications": 0,
    "products": 0,
    "line_items": 0,
    "cars": 0,
    "burst_per_10_s": 10_000,
    "search_per_s": 1_000,
    "association_burst_per_10_s": 10_000,
}


@pytest.fixture
def make_portal() -> Callable[..., Portal]:
    """``make_portal(contacts=10)``: a portal with a frozen clock and limits that never bite."""

    def make(**settings: object) -> Portal:
        made = Portal(PortalConfig(**(SMALL | settings)))  # type: ignore[arg-type]
        made.clock.freeze(NOW)
        return made

    return make


@pytest.fixture
def open_session() -> Callable[[Portal], AbstractAsyncContextManager[Session]]:
    """``async with open_session(portal) as session``."""

    @contextlib.asynccontextmanager
    async def opened(portal: Portal) -> AsyncIterator[Session]:
        terms = SessionTerms(free_share=0.0, free_share_first_sync=0.0)
        async with (
            serve(portal) as server,
            HubSpot(SystemClock()).open(
                api_url=server.url,
                credentials=GivenCredentials(TokenCredentials(token=DEFAULT_TOKEN)),
                terms=terms,
            ) as session,
        ):
            # The search budget is not learnt from headers; a portal without limits should not be waited for.
            scheduler = session._client.scheduler  # type: ignore[attr-defined]
            for name in scheduler.names():
                scheduler.budget(name).adjust(limit=10_000, interval=scheduler.budget(name)._terms.interval)
            yield session

    return opened
