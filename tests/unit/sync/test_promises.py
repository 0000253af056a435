"""A connector that breaks its promise is stopped before anything of it is stored."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import msgspec
import pytest

from ontologie.errors import ContractBroken
from ontologie.model.checkpoint import Segment, SegmentKind
from ontologie.model.record import Batch, IdRange, Link, LinkSet, Record
from ontologie.model.schema import ObjectSchema
from ontologie.model.stream import AssociationPair
from ontologie.sync.promises import kept

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEGMENT = Segment(kind=SegmentKind.BACKFILL, key="backfill", window_from=NOW)
SCHEMA = ObjectSchema(object_type="contacts", properties=())
PAIR = AssociationPair(from_type="contacts", to_type="companies")


def batch(*ids: int, done: bool = False, **changes: object) -> Batch:
    made = Batch(
        object_type="contacts",
        records=tuple(Record(id=one, properties={}, created_at=NOW, updated_at=NOW) for one in ids),
        segment=msgspec.structs.replace(SEGMENT, done=done),
    )
    return msgspec.structs.replace(made, **changes)


def links(*pairs: tuple[int, int], asked: tuple[int, ...], to_type: str = "companies") -> LinkSet:
    found = tuple(Link(from_id=one, to_id=two, category="HUBSPOT_DEFINED", type_id=1) for one, two in pairs)
    return LinkSet(from_type="contacts", to_type=to_type, from_ids=asked, links=found)


async def through(*batches: Batch) -> list[Batch]:
    async def given() -> AsyncGenerator[Batch, None]:
        for one in batches:
            yield one

    return [one async for one in kept(given(), SEGMENT, SCHEMA, (PAIR,))]


async def test_a_kept_promise_passes_unchanged() -> None:
    good = (batch(1, 2, link_sets=(links((1, 9), asked=(1, 2)),)), batch(3), batch(done=True))
    assert await through(*good) == list(good)


@pytest.mark.parametrize(
    "broken",
    [
        (batch(1),),
        (batch(done=True), batch(1)),
        (batch(1, object_type="companies"), batch(done=True)),
        (batch(1, segment=msgspec.structs.replace(SEGMENT, key="other", done=True)),),
        (batch(*range(2_001)), batch(done=True)),
        (batch(1, covered=(IdRange(first=0, last=5),)), batch(done=True)),
        (batch(1, link_sets=(links(asked=(1, 2)),)), batch(done=True)),
        (batch(1, link_sets=(links((2, 9), asked=(1,)),)), batch(done=True)),
        (batch(1, link_sets=(links(asked=(1,), to_type="deals"),)), batch(done=True)),
    ],
    ids=["no end", "after the end", "type", "segment", "too big", "covered", "not its record", "link", "pair"],
)
async def test_a_broken_promise_is_named(broken: tuple[Batch, ...]) -> None:
    with pytest.raises(ContractBroken):
        await through(*broken)
