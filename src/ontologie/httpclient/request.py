"""What goes to an API and what comes back, as values."""

import enum
from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec


class Priority(enum.IntEnum):
    """Who is served first when a budget is short; the smaller, the sooner."""

    INTERACTIVE = 0
    """A person waits for the answer."""
    CHANGES = 1
    BACKFILL = 2
    CHECK = 3
    """All once more, for what no date tells."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One call. ``budgets`` names every budget it draws on; ``object_type`` is a label for the statistics."""

    method: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    """Already encoded."""
    content_type: str = "application/json"
    """Of the body, where there is one."""
    budgets: tuple[str, ...] = ()
    priority: Priority = Priority.BACKFILL
    object_type: str = ""
    idempotent: bool = True
    """False: never repeated once it may have reached the server."""

    def target(self) -> str:
        """Path and query exactly as they go over the wire, so that its length can be known beforehand."""
        if not self.params:
            return self.path
        return f"{self.path}?{urlencode(self.params, safe=',')}"

    def __repr__(self) -> str:
        """Method and path only: a body may hold a secret."""
        return f"Request({self.method} {self.path})"


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """An answer with its body read and decompressed. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return self.status // 100 == 2  # noqa: PLR2004
