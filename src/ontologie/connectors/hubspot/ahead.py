"""What a first sync asks first, asked before anybody waits for it: at a second of latency each saves one."""

import asyncio

from ontologie import tasks
from ontologie.connectors.hubspot.api import ObjectsApi
from ontologie.connectors.hubspot.properties import PropertyAnswer
from ontologie.connectors.hubspot.ranges import Bounds
from ontologie.connectors.hubspot.searches import Searches


class Ahead:
    """The first questions about one object type. Each answer is given once: later ones must be fresh."""

    def __init__(self, objects: ObjectsApi) -> None:
        self._properties: asyncio.Task[PropertyAnswer] | None = asyncio.create_task(
            objects.properties("non_sensitive")
        )
        self._bounds: asyncio.Task[Bounds] | None = asyncio.create_task(Searches(objects, ()).look())

    def take_properties(self) -> asyncio.Task[PropertyAnswer] | None:
        """The definitions that are not sensitive."""
        taken, self._properties = self._properties, None
        return taken

    def take_bounds(self) -> asyncio.Task[Bounds] | None:
        """Where the ids begin and end."""
        taken, self._bounds = self._bounds, None
        return taken

    async def cancel(self) -> None:
        """Give up what nobody took."""
        left = [task for task in (self._properties, self._bounds) if task is not None]
        await tasks.end(*left)
