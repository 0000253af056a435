"""Batches that nobody takes any more leave nothing running behind them."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime

import pytest

from ontologie.clock import SystemClock
from ontologie.connectors.hubspot.batches import Batcher, Road
from ontologie.connectors.hubspot.links import LinksReader
from ontologie.connectors.hubspot.reader import ReadPage
from ontologie.connectors.hubspot.wire import WireRecord
from ontologie.errors import AuthorizationLost
from ontologie.model.checkpoint import Segment, SegmentKind
from ontologie.model.record import LinkSet
from ontologie.model.schema import ObjectSchema
from tests.unit.connectors.hubspot.servers import Shelf, objects_of

NOW = datetime(2026, 11, 25, tzinfo=UTC)
SEGMENT = Segment(kind=SegmentKind.BACKFILL, key="backfill", window_from=NOW)


class SlowLinks(LinksReader):
    """The first look-up answers, the others never do."""

    def __init__(self) -> None:
        super().__init__(objects_of(Shelf([])), ())
        self.asked = 0
        self.third_asked = asyncio.Event()

    async def of(self, ids: Sequence[int]) -> tuple[LinkSet, ...]:
        self.asked += 1
        if self.asked == 3:
            self.third_asked.set()
        if self.asked > 1:
            await asyncio.Event().wait()
        return ()


async def pages() -> AsyncGenerator[ReadPage, None]:
    for first in range(1, 100_000, 1_000):
        ids = range(first, first + 1_000)
        records = tuple(
            WireRecord(id=str(number), properties={}, created_at=NOW, updated_at=NOW) for number in ids
        )
        yield ReadPage(records=records, first=first, end=first + 1_000)


async def test_who_stops_taking_batches_leaves_no_look_up_behind() -> None:
    links = SlowLinks()
    batcher = Batcher(ObjectSchema(object_type="contacts", properties=()), SEGMENT, links, SystemClock())
    road = Road(pages=pages(), position=dict, total=lambda: None, unreadable=tuple)
    async with contextlib.aclosing(batcher.batches(road)) as batches:
        assert len((await anext(batches)).records) == 1_000
        await links.third_asked.wait()
    assert asyncio.all_tasks() == {asyncio.current_task()}


class RefusedLinks(LinksReader):
    """No look-up answers: the token was withdrawn. The first one is told once the second has failed too."""

    def __init__(self) -> None:
        super().__init__(objects_of(Shelf([])), ())
        self.asked = 0
        self.second_failed = asyncio.Event()

    async def of(self, ids: Sequence[int]) -> tuple[LinkSet, ...]:
        self.asked += 1
        if self.asked == 1:
            await self.second_failed.wait()
        else:
            self.second_failed.set()
        raise AuthorizationLost("withdrawn")


async def test_look_ups_that_fail_together_are_told_once() -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["message"]))
    batcher = Batcher(ObjectSchema(object_type="contacts", properties=()), SEGMENT, RefusedLinks(), SystemClock())
    road = Road(pages=pages(), position=dict, total=lambda: None, unreadable=tuple)
    with pytest.raises(AuthorizationLost):
        async with contextlib.aclosing(batcher.batches(road)) as batches:
            await anext(batches)
    del batcher, road, batches
    gc.collect()
    assert complaints == []
