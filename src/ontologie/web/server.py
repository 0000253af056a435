"""Serving the pages on a socket that is already bound."""

import contextlib
from collections.abc import Iterator

import uvicorn
from litestar import Litestar


class Server(uvicorn.Server):
    """uvicorn without signal handlers of its own: one place decides how everything stops."""

    def __init__(self, application: Litestar) -> None:
        super().__init__(uvicorn.Config(application, log_config=None, access_log=False, timeout_graceful_shutdown=2))

    def stop(self) -> None:
        """End, open answers first."""
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
