"""``ontologie start``, ``worker`` and ``web``: the same system in the foreground, whole or in parts."""

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ontologie import tasks
from ontologie.cli import output, simulator
from ontologie.cli.command import run
from ontologie.errors import OperatorError
from ontologie.services import access
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.wiring import operations, pages, system, worker

if TYPE_CHECKING:
    from litestar import Litestar

Part = Coroutine[Any, Any, None]


def start(
    with_simulated_portal: Annotated[
        bool, typer.Option("--with-simulated-portal", help="Also start a simulated HubSpot portal.")
    ] = False,
) -> None:
    """Start everything and stay in the foreground; Ctrl-C stops all of it."""

    async def work(settings: Settings) -> None:
        async with contextlib.AsyncExitStack() as stack:
            listener = stack.enter_context(_listener(settings, settings.port))
            url = None
            if with_simulated_portal:
                url = await stack.enter_async_context(simulator.simulated_portal(settings.simulator_port))
            context = await stack.enter_async_context(system(settings, simulator=simulator.at(url)))
            greet = _pages_greeting(context, settings, listener)
            await _foreground([worker(context, settings).run(), _served(_pages(context, settings), listener)], greet)

    run(work, stderr_level=None)


def web() -> None:
    """Only the pages; syncs need a worker, here or on another machine."""

    async def work(settings: Settings) -> None:
        with _listener(settings, settings.port) as listener:
            async with system(settings, simulator=await simulator.beside(settings)) as context:
                greet = _pages_greeting(context, settings, listener)
                await _foreground([_served(_pages(context, settings), listener)], greet)

    run(work, stderr_level=None)


def worker_() -> None:
    """Only a worker; any number of them share the work, on one machine or on many."""

    async def work(settings: Settings) -> None:
        async with contextlib.AsyncExitStack() as stack:
            context = await stack.enter_async_context(system(settings, simulator=await simulator.beside(settings)))

            async def greet() -> None:
                at_once = output.counted(settings.sources_at_once, "source")
                output.stdout.print(f"Worker: {at_once} at once. Ctrl-C stops it.", highlight=False)

            parts = [worker(context, settings).run()]
            if settings.worker_port is not None:
                listener = stack.enter_context(_listener(settings, settings.worker_port, "WORKER_PORT"))
                parts.append(_served(operations(context, settings), listener))
            await _foreground(parts, greet)

    run(work, stderr_level=None)


async def _foreground(parts: list[Part], greet: Callable[[], Awaitable[None]]) -> None:
    """Run the parts side by side until one ends, or a signal asks all of them to."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    await tasks.until_one_ends(
        *parts, _greeted(greet, stopping), leaving=lambda: output.stderr.print("Stopping …")
    )


async def _greeted(greet: Callable[[], Awaitable[None]], stopping: asyncio.Event) -> None:
    await greet()
    await stopping.wait()


def _pages(context: Context, settings: Settings) -> "Litestar":
    return pages(context, settings, secure_cookies=settings.address().startswith("https://"))


async def _served(application: "Litestar", listener: socket.socket) -> None:
    """An application on its socket, until cancelled; answers that are being written are finished."""
    from ontologie.web.server import Server  # other commands need no web server

    server = Server(application)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.stop()
        await tasks.ended(serving)


def _pages_greeting(context: Context, settings: Settings, listener: socket.socket) -> Callable[[], Awaitable[None]]:
    url = settings.address(listener.getsockname()[1])

    async def greet() -> None:
        token = await access.login_link(context)
        output.stdout.print(f"\n  Ontologie Live Data   {url}")
        output.stdout.print(f"  Log in, once          {url}/login/{token}", soft_wrap=True)
        if context.simulator:
            output.stdout.print(f"  Simulated portal      {context.simulator.url}")
            output.stdout.print("  Its data, in another terminal: ontologie demo")
        output.stdout.print("\n  Ctrl-C stops everything.\n")

    return greet


@contextlib.contextmanager
def _listener(settings: Settings, port: int, setting: str = "PORT") -> Iterator[socket.socket]:
    """The bound socket, taken before anything is started. Raises OperatorError (PORT_TAKEN, SETTING_WRONG)."""
    with contextlib.ExitStack() as stack:
        try:
            [(family, kind, _, _, address), *_] = socket.getaddrinfo(settings.host, port, type=socket.SOCK_STREAM)
            listener = stack.enter_context(socket.socket(family, kind))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except (OSError, UnicodeError) as error:  # the latter from a name that no resolver may be asked for
            number = getattr(error, "errno", None)
            if number == errno.EADDRINUSE:
                raise OperatorError(str(error), code="PORT_TAKEN", port=port, setting=setting) from None
            wrong = setting if number == errno.EACCES else "HOST"
            reason = getattr(error, "strerror", None) or "it is no host"
            raise OperatorError(str(error), code="SETTING_WRONG", setting=f"ONTOLOGIE_{wrong}", reason=reason) from None
        yield listener
