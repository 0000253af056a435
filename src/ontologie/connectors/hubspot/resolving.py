"""What became of records that a sweep did not see."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus

from ontologie.connectors.hubspot.api import BATCH_LIMIT, ObjectsApi
from ontologie.connectors.hubspot.batches import MERGED, to_record
from ontologie.errors import RequestRefused
from ontologie.model.record import Fates, Merge, Record

_ASKED_ONE_BY_ONE = 200


async def resolve(objects: ObjectsApi, ids: Sequence[int], properties: Sequence[str]) -> Fates:
    """Ask for each id: live, then archived. One that is neither was merged or erased.

    A complete sweep has read every survivor's ``hs_merged_object_ids``, but a merge may have happened behind it, and
    some object types have no such property: so what is left is asked one by one, where a merged id answers with the
    survivor's. Not where so many are left that they are an erasure.
    """
    live = await _read(objects, ids, properties, archived=False)
    left = [item for item in ids if item not in live]
    archived = await _read(objects, left, properties, archived=True)
    left = [item for item in left if item not in archived]
    merged: list[Merge] = []
    if MERGED not in properties or len(left) <= _ASKED_ONE_BY_ONE:
        answers = await asyncio.gather(*(_survivor(objects, item) for item in left))
        merged = [Merge(from_id=item, into_id=into) for item, into in zip(left, answers, strict=True) if into]
    gone = set(left) - {merge.from_id for merge in merged}
    return Fates(
        live=tuple(live.values()), archived=tuple(archived.values()), merged=tuple(merged), gone=tuple(sorted(gone))
    )


async def _survivor(objects: ObjectsApi, record_id: int) -> int | None:
    """The id that answers for this one; None when nothing does."""
    try:
        return int((await objects.get(record_id)).id)
    except RequestRefused as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        return None


async def _read(
    objects: ObjectsApi, ids: Sequence[int], properties: Sequence[str], *, archived: bool
) -> dict[int, Record]:
    found: dict[int, Record] = {}
    for start in range(0, len(ids), BATCH_LIMIT):
        page = await objects.batch_read(ids[start : start + BATCH_LIMIT], properties, archived=archived)
        asked = set(ids[start : start + BATCH_LIMIT])
        found |= {int(item.id): to_record(item) for item in page.results if int(item.id) in asked}
    return found
