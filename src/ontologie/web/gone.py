"""Work for somebody who may leave: when the browser hangs up, the work is cancelled, in PostgreSQL too."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from ontologie import tasks
from ontologie.web.request import AnyRequest

T = TypeVar("T")


class Gone(Exception):
    """Nobody waits for the answer any more."""


async def unless_gone(request: AnyRequest, work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``. Raises Gone, with the work ended, when the browser has hung up first."""
    try:
        return await tasks.unless(_hung_up(request), work)
    except tasks.CutOff:
        raise Gone from None


async def _hung_up(request: AnyRequest) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
