"""A page of a list with all properties, however many there are.

A list takes its properties in the URL. HubSpot answers 414 past a length that reports put between 8 and 16 kB
(lessons-from-others.md, 12), so names are spread over several requests for the same page, joined by id.
"""

from collections.abc import Sequence

import msgspec

from ontologie import tasks
from ontologie.connectors.hubspot.api import BATCH_LIMIT, ObjectsApi
from ontologie.connectors.hubspot.wire import RecordPage, WireRecord
from ontologie.errors import RequestRefused

_URL_BYTES = 15_000
_LEAST_URL_BYTES = 1_500
_URI_TOO_LONG = 414


class UrlLimit:
    """How long a URL may be, as far as we have learnt. One for all who speak to the same address."""

    def __init__(self) -> None:
        self.length = _URL_BYTES

    def refused(self, length: int) -> bool:
        """A URL made for ``length`` bytes was too long: halve. False when it cannot become any shorter."""
        if length <= _LEAST_URL_BYTES:
            return False
        self.length = min(self.length, length // 2)
        return True


class ListPages:
    """Reads list pages of one object type."""

    def __init__(self, objects: ObjectsApi, properties: Sequence[str], limit: UrlLimit, *, archived: bool) -> None:
        self._objects = objects
        self._properties = tuple(properties)
        self._archived = archived
        self._limit = limit
        self._made_for = limit.length
        self._parts = self._split()

    async def page(self, after: str | None) -> RecordPage:
        """The page at this cursor. Raises what the API refuses, but never for a URL's length."""
        while True:
            if self._made_for != self._limit.length:
                self._made_for = self._limit.length
                self._parts = self._split()
            made_for = self._made_for
            try:
                if len(self._parts) == 1:
                    return await self._part(self._parts[0], after)
                return await self._joined(await tasks.together(*(self._part(names, after) for names in self._parts)))
            except RequestRefused as error:
                if error.status != _URI_TOO_LONG or not self._limit.refused(made_for):
                    raise

    async def _part(self, names: Sequence[str], after: str | None) -> RecordPage:
        request = self._objects.list_request(names, after, archived=self._archived)
        return await self._objects.list_page(request)

    async def _joined(self, pages: Sequence[RecordPage]) -> RecordPage:
        """The first part's records with the other parts' values. One that moved in between is read by itself."""
        others = [{record.id: record for record in page.results} for page in pages[1:]]
        joined: list[WireRecord] = []
        moved: list[int] = []
        for record in pages[0].results:
            twins = [part.get(record.id) for part in others]
            if all(twin is not None and twin.updated_at == record.updated_at for twin in twins):
                values = dict(record.properties)
                for twin in twins:
                    values.update(twin.properties if twin else {})
                joined.append(msgspec.structs.replace(record, properties=values))
            else:
                moved.append(int(record.id))
        for start in range(0, len(moved), BATCH_LIMIT):
            ids = moved[start : start + BATCH_LIMIT]
            joined += (await self._objects.batch_read(ids, self._properties, archived=self._archived)).results
        joined.sort(key=lambda record: int(record.id))
        return msgspec.structs.replace(pages[0], results=tuple(joined))

    def _split(self) -> list[tuple[str, ...]]:
        """The property names in as few parts as the URL's length allows."""
        room = self._made_for - len(self._objects.list_request((), "9" * 20, archived=self._archived).target())
        parts: list[list[str]] = [[]]
        used = 0
        for name in self._properties:
            size = len(name.encode()) + 1
            if used + size > room and parts[-1]:
                parts.append([])
                used = 0
            parts[-1].append(name)
            used += size
        return [tuple(part) for part in parts]
