"""The services on a database of their own, with a connector that asks nobody."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg import sql

from ontologie.clock import ManualClock
from ontologie.connectors.contract import SessionTerms
from ontologie.connectors.hubspot.connector import HubSpot
from ontologie.database.pool import open_pool
from ontologie.database.vault import Vault
from ontologie.errors import AuthorizationLost
from ontologie.httpclient.tokens import CredentialKeeper
from ontologie.jobs.courier import Courier, CourierSettings
from ontologie.model.credentials import TokenCredentials
from ontologie.model.reference import Account
from ontologie.model.stream import Stream
from ontologie.services.context import Context
from ontologie.services.query import url_of_reader

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


class FakeSession:
    """Knows its account by its token: ``portal-7`` opens the account 7."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def account(self) -> Account:
        if not self._token.startswith("portal-"):
            raise AuthorizationLost("no such token")
        return Account(
            portal_id=int(self._token.removeprefix("portal-")),
            account_type="STANDARD",
            time_zone="Europe/Paris",
            currency="EUR",
            ui_domain="app.hubspot.com",
            data_hosting_location="eu1",
        )


class FakeConnector:
    """HubSpot's streams without HubSpot."""

    name = "hubspot"
    streams: tuple[Stream, ...] = HubSpot.streams

    def __init__(self, clock: ManualClock) -> None:
        self._real = HubSpot(clock)

    def find_streams(self, names: Sequence[str]) -> Any:
        return self._real.find_streams(names)

    @contextlib.asynccontextmanager
    async def open(
        self, *, api_url: str, credentials: CredentialKeeper, terms: SessionTerms
    ) -> AsyncIterator[FakeSession]:
        kept = await credentials.read()
        yield FakeSession(kept.token if isinstance(kept, TokenCredentials) else kept.access_token)

    def check_token(self, token: str) -> None:
        self._real.check_token(token)


@pytest.fixture
async def context(database_url: str) -> AsyncIterator[Context]:
    clock = ManualClock(START)
    by_reader = url_of_reader(database_url, "reader")
    async with open_pool(database_url, size=4) as pool, open_pool(by_reader, size=2, least=0) as reader:
        yield Context(
            pool=pool,
            reader=reader,
            clock=clock,
            vault=Vault(b"k" * 32),
            connectors={"hubspot": FakeConnector(clock)},  # type: ignore[dict-item]
            execution=None,  # type: ignore[arg-type] - no run is started here
            housekeeping=None,  # type: ignore[arg-type]
            queue=None,  # type: ignore[arg-type]
            courier=Courier(pool, clock, Vault(b"k" * 32), CourierSettings(private_webhooks=True)),
            terms=SessionTerms(),
            database_url=database_url,
            api_hosts=("api.hubapi.com",),
        )
        async with pool.connection() as connection:
            await connection.execute("DELETE FROM entities")
            await connection.execute("DELETE FROM users", prepare=False)
            await connection.execute("DELETE FROM api_keys", prepare=False)
            await connection.execute("DELETE FROM notification_channels", prepare=False)
            await connection.execute("DELETE FROM login_failures", prepare=False)
            await connection.execute("DELETE FROM source_drafts")
            cursor = await connection.execute("DELETE FROM sources RETURNING schema_name", prepare=False)
            for row in await cursor.fetchall():
                drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(row["schema_name"]))
                await connection.execute(drop)
