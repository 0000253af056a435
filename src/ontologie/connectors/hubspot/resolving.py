"""What became of records that a sweep did not see, or saw otherwise than they are stored."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from ontologie import tasks
from ontologie.connectors.hubspot.api import BATCH_LIMIT, ObjectsApi
from ontologie.connectors.hubspot.batches import to_record
from ontologie.errors import RequestRefused
from ontologie.model.record import Aside, Fates, Merge, Record
from ontologie.model.values import Shape


async def resolve(objects: ObjectsApi, ids: Sequence[int], properties: Sequence[str]) -> Fates:
    """Ask for each id: live, then archived. One that is neither was merged or erased.

    A complete sweep has read every survivor's ``hs_merged_object_ids``, but a merge may have happened behind it, and
    some object types have no such property: so what is left is asked one by one, where a merged id answers with the
    survivor's. However many they are: what is taken for erased loses its values.
    """
    live = await _read(objects, ids, properties, archived=False)
    left = [item for item in ids if item not in live]
    archived = await _read(objects, left, properties, archived=True)
    left = [item for item in left if item not in archived]
    told = await tasks.together(*(_survivor(objects, item) for item in left))
    if objects.take_unreadable():  # what came without an id may be any of those that nothing answers for
        lost = [item for item, fate in zip(left, told, strict=True) if fate is None]
        deleted = await tasks.together(*(_deleted(objects, item) for item in lost))
        archived |= {item: fate for item, fate in zip(lost, deleted, strict=True) if fate is not None}
    gone = [item for item, fate in zip(left, told, strict=True) if fate is None and item not in archived]
    return Fates(
        live=_records(live),
        archived=_records(archived),
        merged=tuple(item for item in told if isinstance(item, Merge)),
        gone=tuple(sorted(gone)),
        aside=(*_aside(live), *(item for item in told if isinstance(item, Aside))),
        archived_aside=_aside(archived),
    )


async def living(objects: ObjectsApi, ids: Sequence[int], properties: Sequence[str]) -> Fates:
    """Those of these ids that are live."""
    live = await _read(objects, ids, properties, archived=False)
    return Fates(live=_records(live), aside=_aside(live))


def _records(found: Mapping[int, Record | Aside]) -> tuple[Record, ...]:
    return tuple(item for item in found.values() if isinstance(item, Record))


def _aside(found: Mapping[int, Record | Aside]) -> tuple[Aside, ...]:
    return tuple(item for item in found.values() if isinstance(item, Aside))


async def _survivor(objects: ObjectsApi, record_id: int) -> Merge | Aside | None:
    """What answers for this id; None when nothing does."""
    try:
        into = await objects.get_id(record_id)
    except RequestRefused as error:
        _check_not_found(error)
        return None
    if into is None or into == record_id:
        reason = "it answers without an id" if into is None else "it came back while it was asked about"
        return Aside(id=record_id, reason=reason, sent="{}")
    return Merge(from_id=record_id, into_id=into)


async def _deleted(objects: ObjectsApi, record_id: int) -> Aside | None:
    """What is left to say of a record that answers only as a deleted one; None when it does not."""
    try:
        await objects.get_id(record_id, archived=True)
    except RequestRefused as error:
        _check_not_found(error)
        return None
    return Aside(id=record_id, reason="it was deleted, and came without its id", sent='{"archived": true}')


def _check_not_found(error: RequestRefused) -> None:
    if error.status != HTTPStatus.NOT_FOUND:
        raise error


async def _read(
    objects: ObjectsApi, ids: Sequence[int], properties: Sequence[str], *, archived: bool
) -> dict[int, Record | Aside]:
    found: dict[int, Record | Aside] = {}
    shape = Shape(properties)
    for start in range(0, len(ids), BATCH_LIMIT):
        page = await objects.batch_read(ids[start : start + BATCH_LIMIT], properties, archived=archived)
        asked = set(ids[start : start + BATCH_LIMIT])
        found |= {int(item.id): to_record(item, shape) for item in page.results if int(item.id) in asked}
    return found
