"""What a connector must bring to be held to the contract: an account to read, and the truth about it."""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from hubspot_simulator import DEFAULT_TOKEN, Portal, PortalConfig, serve
from ontologie.clock import SystemClock
from ontologie.connectors.contract import Connector, Session, SessionTerms
from ontologie.connectors.hubspot.connector import HubSpot
from ontologie.httpclient.tokens import GivenCredentials
from ontologie.model.credentials import TokenCredentials

TERMS = SessionTerms(free_share=0.0, free_share_first_sync=0.0)


class Harness(Protocol):
    """An account with some records of ``object_type``, linked to ``linked_type``; some of them deleted."""

    object_type: str
    linked_type: str
    secret: str
    connector: Connector

    def open(self) -> AbstractAsyncContextManager[Session]:
        """A session on the account."""
        ...

    def live(self) -> set[int]:
        """The live records' ids, as the account truly has them."""
        ...

    def deleted(self) -> set[int]:
        """The deleted records' ids that the account still knows of."""
        ...

    def lock_out(self) -> None:
        """From now on the credentials open nothing."""
        ...


class HubSpotHarness:
    """A simulated portal."""

    object_type = "contacts"
    linked_type = "companies"
    secret = DEFAULT_TOKEN

    def __init__(self) -> None:
        none = dict.fromkeys(("deals", "tickets", "emails", "calls", "notes", "tasks", "meetings"), 0)
        roomy = {"burst_per_10_s": 10_000, "search_per_s": 7, "association_burst_per_10_s": 10_000}
        self._portal = Portal(PortalConfig(contacts=2_300, companies=40, contact_properties=24, **none, **roomy))
        self.connector: Connector = HubSpot(SystemClock())
        for record in sorted(self.live())[:120]:
            self._portal.events.archive("contacts", record)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[Session]:
        keeper = GivenCredentials(TokenCredentials(token=DEFAULT_TOKEN))
        async with (
            serve(self._portal) as server,
            self.connector.open(api_url=server.url, credentials=keeper, terms=TERMS) as session,
        ):
            yield session

    def live(self) -> set[int]:
        return self._ids(archived=False)

    def deleted(self) -> set[int]:
        return self._ids(archived=True)

    def _ids(self, *, archived: bool) -> set[int]:
        return {
            item["id"]
            for item in self._portal.truth()
            if item["kind"] == "record" and item["type"] == "contacts" and item["archived"] is archived
        }

    def lock_out(self) -> None:
        self._portal.revoke(DEFAULT_TOKEN)


HARNESSES: Mapping[str, Callable[[], Harness]] = {"hubspot": HubSpotHarness}
"""One line per connector of the catalogue."""
