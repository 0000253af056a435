"""Associations, always by batch read: inline ones carry no type id and are cut (hubspot-api.md, section 5)."""

from collections.abc import Sequence

import structlog

from ontologie import tasks
from ontologie.connectors.hubspot.api import LINKS_LIMIT, ObjectsApi
from ontologie.connectors.hubspot.wire import LinkResult
from ontologie.errors import ContractBroken, RequestRefused, StreamStopped
from ontologie.model.record import Link, LinkSet
from ontologie.model.stream import AssociationPair

log = structlog.get_logger(__name__)


class LinksReader:
    """Reads the links of records of one object type. A pair that the token may not read is left out; one that was
    refused once is not asked for again."""

    def __init__(self, objects: ObjectsApi, pairs: Sequence[AssociationPair]) -> None:
        self._objects = objects
        self._pairs = list(pairs)
        self._refused: set[AssociationPair] = set()

    async def of(self, ids: Sequence[int]) -> tuple[LinkSet, ...]:
        """The links of these records, each pair complete or refused."""
        if not ids:
            return ()
        asked = [
            self._pair(pair, ids[start : start + LINKS_LIMIT])
            for pair in self._pairs
            for start in range(0, len(ids), LINKS_LIMIT)
        ]
        return tuple(found for found in await tasks.together(*asked) if found is not None)

    async def _pair(self, pair: AssociationPair, ids: Sequence[int]) -> LinkSet | None:
        links: tuple[Link, ...] | None = None
        try:
            if pair not in self._refused:
                links = tuple(await self._follow(pair.to_type, ids))
        except RequestRefused as error:
            log.warning("links_refused", pair=f"{pair.from_type}-{pair.to_type}", detail=str(error))
            self._refused.add(pair)
        except StreamStopped as error:  # the records may be read, and what they are linked to may not
            log.warning("links_not_readable", pair=f"{pair.from_type}-{pair.to_type}", detail=str(error))
            if pair in self._pairs:
                self._pairs.remove(pair)
            return None
        return LinkSet(from_type=pair.from_type, to_type=pair.to_type, from_ids=tuple(ids), links=links)

    async def _follow(self, to_type: str, ids: Sequence[int]) -> list[Link]:
        """Every page of every record: paging is per input, and absent when done."""
        links: dict[Link, None] = {}
        inputs = [{"id": str(item)} for item in ids]
        seen: set[tuple[str, str]] = set()
        while inputs:
            page = await self._objects.links(to_type, inputs)
            following = []
            for result in page.results:
                links.update(dict.fromkeys(_links(result)))
                if result.paging and result.paging.next:
                    cursor = (result.from_.id, result.paging.next.after)
                    if cursor in seen:
                        raise ContractBroken(f"{self._objects.object_type} to {to_type}: a cursor repeats")
                    seen.add(cursor)
                    following.append({"id": cursor[0], "after": cursor[1]})
            inputs = following
        return list(links)


def _links(result: LinkResult) -> list[Link]:
    return [
        Link(from_id=int(result.from_.id), to_id=int(end.to_object_id), category=kind.category, type_id=kind.type_id)
        for end in result.to
        for kind in end.association_types
    ]
