"""Searches by id: keyset paging never comes near the cap of 10,000 results."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec
import structlog

from ontologie import tasks
from ontologie.connectors.hubspot.api import BATCH_LIMIT, SEARCH_LIMIT, ObjectsApi
from ontologie.connectors.hubspot.ranges import END, Bounds
from ontologie.connectors.hubspot.wire import RecordPage, WireRecord
from ontologie.errors import ContractBroken, RequestRefused

log = structlog.get_logger(__name__)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """All records from ``first`` up to but not including ``end``, by id."""

    records: tuple[WireRecord, ...]
    first: int
    end: int
    total: int
    """Matching records in all."""


class Searches:
    """The live records of one object type, or those that match ``filters``, by ranges of ids.

    A long list of properties passes in a search's body (hubspot-api.md, section 3). Where it is refused all the same,
    the ids are searched and the records read in batches.
    """

    def __init__(self, objects: ObjectsApi, properties: Sequence[str], filters: Sequence[dict[str, str]] = ()) -> None:
        self._objects = objects
        self._properties = list(properties)
        self._filters = list(filters)
        self._ids_only = False

    async def page(self, first: int, end: int) -> Found:
        """The first 200 records of a range. Raises ContractBroken when the answer goes back behind ``first``."""
        page, records, ids = await self._between(first, end, "ASCENDING")
        if ids and ids[-1] < first:
            raise ContractBroken(f"{self._objects.object_type}: a search goes back")
        # Only the cursor's absence says that nothing follows.
        reached = end if page.after is None else ids[-1] + 1 if ids else first
        return Found(records=records, first=first, end=reached, total=page.total)

    async def page_from_above(self, first: int, end: int) -> Found:
        """The last 200 records of a range. Raises ContractBroken when the answer goes beyond ``end``."""
        page, records, ids = await self._between(first, end, "DESCENDING")
        if ids and ids[0] >= end:
            raise ContractBroken(f"{self._objects.object_type}: a search goes back")
        reached = first if page.after is None else max(first, ids[0]) if ids else end
        return Found(records=records, first=reached, end=end, total=page.total)

    async def _between(
        self, first: int, end: int, direction: str
    ) -> tuple[RecordPage, tuple[WireRecord, ...], list[int]]:
        """A page of a range, its records by id, and the ids found, which may be more."""
        filters = list(self._filters)
        if first > 0:
            filters.append({"propertyName": "hs_object_id", "operator": "GTE", "value": str(first)})
        if end < END:
            filters.append({"propertyName": "hs_object_id", "operator": "LT", "value": str(end)})
        page = await self._found(self._query(filters, direction, SEARCH_LIMIT))
        ids = sorted(int(record.id) for record in page.results)
        records = await self._whole(page)
        return page, tuple(sorted(records, key=lambda record: int(record.id))), ids

    async def look(self) -> Bounds:
        """The smallest and the largest id, and how many records there are. The smallest is where a list begins: that
        spares a search, the scarcer. Nothing but evenness depends on it, and where lists are believed to start."""
        beginning = self._objects.list_request((), None, archived=False, limit=1)
        lowest, highest = await tasks.together(self._objects.list_page(beginning), self._highest())
        ids = [int(record.id) for page in (lowest, highest) for record in page.results]
        return Bounds(
            first=min(ids, default=0),
            last=max(ids, default=0),
            total=highest.total,
            opaque=lowest.after is not None and not lowest.after.isdecimal(),
        )

    async def last_id(self) -> int:
        """The largest id; 0 where there is none."""
        page = await self._highest()
        return int(page.results[0].id) if page.results else 0

    async def _found(self, query: dict[str, Any]) -> RecordPage:
        if not self._ids_only:
            try:
                return await self._objects.search(query)
            except RequestRefused as error:
                if error.status != HTTPStatus.BAD_REQUEST or not self._properties:
                    raise
        found = await self._objects.search(query | {"properties": []})  # refused too: it was not the properties
        if not self._ids_only:
            log.info("searches_by_id_only", object_type=self._objects.object_type)
            self._ids_only = True
        return found

    async def _whole(self, page: RecordPage) -> Sequence[WireRecord]:
        """The page's records with their properties; one that was deleted in between is left out."""
        if not self._ids_only:
            return page.results
        ids = [int(record.id) for record in page.results]
        parts = [ids[start : start + BATCH_LIMIT] for start in range(0, len(ids), BATCH_LIMIT)]
        read = await tasks.together(
            *(self._objects.batch_read(part, self._properties, archived=False) for part in parts)
        )
        return [record for part in read for record in part.results]

    async def _highest(self) -> RecordPage:
        return await self._objects.search(self._query(self._filters, "DESCENDING", 1) | {"properties": []})

    def _query(self, filters: Sequence[dict[str, str]], direction: str, limit: int) -> dict[str, Any]:
        return {
            "filterGroups": [{"filters": list(filters)}] if filters else [],
            "sorts": [{"propertyName": "hs_object_id", "direction": direction}],
            "properties": self._properties,
            "limit": limit,
        }
