"""``ontologie start``: PostgreSQL, worker and pages in one process, until Ctrl-C."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator
from typing import Annotated

import typer

from ontologie.cli import output, simulator
from ontologie.cli.command import run
from ontologie.errors import OperatorError
from ontologie.services import access
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.wiring import pages, system, worker


def start(
    with_simulated_portal: Annotated[
        bool, typer.Option("--with-simulated-portal", help="Also start a simulated HubSpot portal.")
    ] = False,
) -> None:
    """Start everything and stay in the foreground; Ctrl-C stops all of it."""

    async def work(settings: Settings) -> None:
        async with contextlib.AsyncExitStack() as stack:
            listener = stack.enter_context(_listener(settings))
            url = None
            if with_simulated_portal:
                url = await stack.enter_async_context(simulator.simulated_portal(settings.simulator_port))
            context = await stack.enter_async_context(system(settings, simulator_url=url))
            await _serve(context, settings, listener)

    run(work, stderr_level=None)


def public_url(settings: Settings, port: int | None = None) -> str:
    """The address users see."""
    return (settings.public_url or f"http://{settings.host}:{port or settings.port}").rstrip("/")


async def _serve(context: Context, settings: Settings, listener: socket.socket) -> None:
    from ontologie.web.server import Server  # other commands need no web server

    url = public_url(settings, listener.getsockname()[1])
    server = Server(pages(context, secure_cookies=url.startswith("https://")))
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    serving = asyncio.create_task(server.serve(listener))
    working = asyncio.create_task(worker(context, settings).run())
    waiting = asyncio.create_task(stopping.wait())
    _greet(context, url, await access.login_link(context))
    try:
        await asyncio.wait({serving, working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        output.stderr.print("Stopping …")
        server.stop()
        working.cancel()
        waiting.cancel()
        results = await asyncio.gather(serving, working, waiting, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


def _greet(context: Context, url: str, token: str) -> None:
    output.stdout.print(f"\n  Ontologie Live Data   {url}")
    output.stdout.print(f"  Log in, once          {url}/login/{token}", soft_wrap=True)
    if context.simulator_url:
        output.stdout.print(f"  Simulated portal      {context.simulator_url}")
        output.stdout.print("  Its data, in another terminal: .venv/bin/ontologie demo")
    output.stdout.print("\n  Ctrl-C stops everything.\n")


@contextlib.contextmanager
def _listener(settings: Settings) -> Iterator[socket.socket]:
    """The bound socket, taken before anything is started. Raises OperatorError (PORT_TAKEN)."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            raise OperatorError(str(error), code="PORT_TAKEN", port=settings.port, setting="PORT") from None
        yield listener
