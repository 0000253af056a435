"""Who leaves a question leaves no work behind in PostgreSQL."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import psycopg
import pytest

from ontologie.model.user import Role
from ontologie.services.context import Context
from ontologie.web.application import build
from ontologie.web.server import Server
from tests.unit.services.test_grid import deals
from tests.waiting import until

_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock' AND query LIKE '%"hubspot_acme"%'
"""
_SOON = timedelta(seconds=10)
"""Half of what a question may take before PostgreSQL stops it by itself."""


@contextlib.asynccontextmanager
async def served(context: Context) -> AsyncIterator[str]:
    """The pages on a socket: only there a browser can hang up."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(build(context, secure_cookies=False, metrics_token=None))
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.stop()
        await serving


@pytest.mark.parametrize("part", ["rows?cols=dealname", "export/csv?cols=dealname"])
async def test_a_question_ends_with_its_browser(context: Context, database_url: str, log_in: Any, part: str) -> None:
    await deals(context)
    session = (await log_in(Role.VIEWER)).cookies["session"]
    headers = {"accept": "*/*", "cookie": f"session={session}"}
    async with (
        served(context) as url,
        await psycopg.AsyncConnection.connect(database_url, autocommit=True) as watching,
        await psycopg.AsyncConnection.connect(database_url) as holding,
        aiohttp.ClientSession(url, headers=headers) as browser,
    ):

        async def waiting() -> bool:
            found = await (await watching.execute(_WAITING)).fetchone()
            return bool(found and found[0])

        async def over() -> bool:
            return not await waiting()

        await holding.execute("LOCK TABLE hubspot_acme.deals IN ACCESS EXCLUSIVE MODE")
        asking = asyncio.create_task(browser.get(f"/streams/acme/deals/{part}"))
        await until(waiting, "the question waits for the table")
        asking.cancel()
        await until(over, "the question was cancelled", _SOON)
