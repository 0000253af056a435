"""One small portal with a frozen clock, and a way to ask it without a socket of one's own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import msgspec
import pytest

from hubspot_simulator import DEFAULT_TOKEN, Portal, PortalConfig, serve

Ask = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
def config() -> PortalConfig:
    """Override in a test module for another portal."""
    return PortalConfig(burst_per_10_s=10_000, search_per_s=10_000, association_burst_per_10_s=10_000)


@pytest.fixture
def portal(config: PortalConfig) -> Portal:
    made = Portal(config)
    made.clock.freeze(datetime(2026, 11, 20, 12, tzinfo=UTC))
    return made


@pytest.fixture
async def ask(portal: Portal) -> AsyncIterator[Ask]:
    """``await ask(path, body=None, method=None, token=None)`` gives (status, JSON)."""
    async with serve(portal) as server, aiohttp.ClientSession() as session:

        async def request(path: str, body: Any = None, *, method: str = "", token: str = DEFAULT_TOKEN) -> Any:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            method = method or ("GET" if body is None else "POST")
            async with session.request(method, server.url + path, json=body, headers=headers) as response:
                raw = await response.read()
                return response.status, msgspec.json.decode(raw) if raw else None

        yield request
