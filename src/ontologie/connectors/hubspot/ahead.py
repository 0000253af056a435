"""What a first sync asks first and last, asked before anybody waits for it: at a second of latency each saves one."""

import asyncio

from ontologie import tasks
from ontologie.connectors.hubspot.api import ObjectsApi
from ontologie.connectors.hubspot.properties import PropertyAnswer
from ontologie.connectors.hubspot.ranges import Bounds
from ontologie.connectors.hubspot.searches import Searches


class Ahead:
    """The first questions about one object type. Each answer is given once: later ones must be fresh."""

    def __init__(self, objects: ObjectsApi) -> None:
        self._objects = objects
        self._properties: asyncio.Task[PropertyAnswer] | None = asyncio.create_task(
            objects.properties("non_sensitive")
        )
        self._bounds: asyncio.Task[Bounds] | None = asyncio.create_task(Searches(objects, ()).look())
        self._count: asyncio.Task[int] | None = None

    def take_properties(self) -> asyncio.Task[PropertyAnswer] | None:
        """The definitions that are not sensitive."""
        taken, self._properties = self._properties, None
        return taken

    def take_bounds(self) -> asyncio.Task[Bounds] | None:
        """Where the ids begin and end."""
        taken, self._bounds = self._bounds, None
        return taken

    def ask_count(self) -> None:
        """Once: the last pages, or their links, are on their way."""
        if self._count is None:
            self._count = asyncio.create_task(self._objects.patient().count())

    async def forget_count(self) -> None:
        """What is read from now on is not in it."""
        if self._count is not None:
            await tasks.end(self._count)
            self._count = None

    async def take_count(self) -> int | None:
        """How many records there were as the last pages came; none when that was not asked."""
        taken, self._count = self._count, None
        return None if taken is None else await taken

    async def cancel(self) -> None:
        """Give up what nobody took."""
        left = [task for task in (self._properties, self._bounds, self._count) if task is not None]
        await tasks.end(*left)
