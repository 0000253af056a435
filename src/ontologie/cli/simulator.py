"""The simulated portal beside us: found when it runs, started as a process of its own when asked."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

from ontologie import environment
from ontologie.clock import SystemClock
from ontologie.errors import OperatorError
from ontologie.model.credentials import OAuthClient
from ontologie.services.context import SimulatedPortal
from ontologie.settings import Settings

TOKEN = "pat-eu1-00000000-0000-4000-8000-000000000001"
CLIENT = OAuthClient(
    client_id="00000000-0000-4000-8000-0000000000a1", client_secret="00000000-0000-4000-8000-0000000000b2"
)
"""The OAuth app that every simulated portal knows (docs/simulator.md)."""
_PATIENCE = timedelta(seconds=20)
_LOOK_AGAIN = timedelta(milliseconds=50)


def at(url: str | None) -> SimulatedPortal | None:
    """The portal that answers at this address, with what opens it."""
    return None if url is None else SimulatedPortal(url=url, token=TOKEN, client=CLIENT)


async def running(port: int) -> str | None:
    """The simulated portal's address where one answers on this port."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return None
    try:
        writer.write(b"GET /account-info/2026-09/details HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        async with asyncio.timeout(2):
            head = await reader.read(65_536)
    except (OSError, TimeoutError):
        return None
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    return f"http://127.0.0.1:{port}" if b"x-hubspot-correlation-id" in head else None


async def beside(settings: Settings) -> SimulatedPortal | None:
    """The portal that runs on the port of the settings, if one does."""
    return at(await running(settings.simulator_port))


@contextlib.asynccontextmanager
async def simulated_portal(port: int) -> AsyncIterator[str]:
    """The address of the portal that runs on this port, or of one started for as long as we need it.

    It ends when its standard input does, so that not even a kill -9 of ours leaves it behind.
    """
    found = await running(port)
    if found is not None:
        yield found
        return
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hubspot_simulator", "--port", str(port), "--until-stdin-closes",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True, env=environment.for_children(),
    )  # fmt: skip
    try:
        yield await _answering(port, process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _answering(port: int, process: asyncio.subprocess.Process) -> str:
    clock = SystemClock()
    patience = clock.monotonic() + _PATIENCE.total_seconds()
    while clock.monotonic() < patience and process.returncode is None:
        url = await running(port)
        if url is not None:
            return url
        await clock.sleep(_LOOK_AGAIN)
    raise OperatorError("the simulated portal did not answer", code="SIMULATOR_NOT_STARTED", port=port)
