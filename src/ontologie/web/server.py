"""Serving the pages on a socket that is already bound."""

import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from litestar import Litestar


class Server:
    """uvicorn without signal handlers of its own: one place decides how everything stops."""

    def __init__(self, application: Litestar) -> None:
        self._server = _Unsignalled(
            uvicorn.Config(application, log_config=None, access_log=False, timeout_graceful_shutdown=2)
        )

    async def serve(self, listener: socket.socket) -> None:
        """Serve until :meth:`stop`."""
        await self._server.serve(sockets=[listener])

    def stop(self) -> None:
        """End, open answers first."""
        self._server.should_exit = True


class _Unsignalled(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
