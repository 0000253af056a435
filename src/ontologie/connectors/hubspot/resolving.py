"""What became of records that a sweep did not see."""

from collections.abc import Sequence

from ontologie.connectors.hubspot.api import BATCH_LIMIT, ObjectsApi
from ontologie.connectors.hubspot.batches import to_record
from ontologie.errors import RequestRefused
from ontologie.model.record import Fates, Merge, Record

_NOT_FOUND = 404


async def resolve(objects: ObjectsApi, ids: Sequence[int], properties: Sequence[str]) -> Fates:
    """Ask for each id: live, then archived, then by itself, where a merged one answers with another id."""
    live = await _read(objects, ids, properties, archived=False)
    left = [item for item in ids if item not in live]
    archived = await _read(objects, left, properties, archived=True)
    left = [item for item in left if item not in archived]
    merged, gone = [], []
    for item in left:
        try:
            found = int((await objects.get(item)).id)
        except RequestRefused as error:
            if error.status != _NOT_FOUND:
                raise
            gone.append(item)
            continue
        if found != item:
            merged.append(Merge(from_id=item, into_id=found))
    # An id that answers as itself after both batch reads missed it has come back meanwhile: the next sweep sees it.
    returned = set(left) - {merge.from_id for merge in merged} - set(gone)
    if returned:
        live |= await _read(objects, sorted(returned), properties, archived=False)
    return Fates(live=tuple(live.values()), archived=tuple(archived.values()), merged=tuple(merged), gone=tuple(gone))


async def _read(
    objects: ObjectsApi, ids: Sequence[int], properties: Sequence[str], *, archived: bool
) -> dict[int, Record]:
    found: dict[int, Record] = {}
    for start in range(0, len(ids), BATCH_LIMIT):
        page = await objects.batch_read(ids[start : start + BATCH_LIMIT], properties, archived=archived)
        asked = set(ids[start : start + BATCH_LIMIT])
        found |= {int(item.id): to_record(item) for item in page.results if int(item.id) in asked}
    return found
