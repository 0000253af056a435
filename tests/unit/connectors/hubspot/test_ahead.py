"""What a first sync asks before anybody waits for it."""

from collections.abc import AsyncGenerator

import pytest

from ontologie.connectors.hubspot.ahead import Ahead
from ontologie.connectors.hubspot.lists import ListPages, UrlLimit
from ontologie.connectors.hubspot.reader import Reader
from tests.unit.connectors.hubspot.servers import Shelf, objects_of
from tests.unit.httpclient.clockwork import settle


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(range(1, 451))


@pytest.fixture
async def ahead(shelf: Shelf) -> AsyncGenerator[Ahead, None]:
    made = Ahead(objects_of(shelf))
    yield made
    await made.cancel()


async def test_a_count_asked_ahead_is_given_once_as_it_was_then(shelf: Shelf, ahead: Ahead) -> None:
    ahead.ask_count()
    ahead.ask_count()
    await settle()
    shelf.ids = shelf.ids[1:]
    assert await ahead.take_count() == 450
    assert await ahead.take_count() is None


async def test_the_count_is_asked_before_the_last_pages_have_come(shelf: Shelf) -> None:
    shelf.ids = list(range(1, 12_001))
    objects = objects_of(shelf)
    called: list[bool] = []
    lists = ListPages(objects, (), UrlLimit(), archived=False)
    reader = Reader(objects, (), lists=lists, nearly_read=lambda: called.append(reader.ranges.done))
    pages = [page async for page in reader.pages({})]
    assert sum(len(page.records) for page in pages) == 12_000
    assert called[0] is False
    assert called[-1] is True


@pytest.mark.parametrize("count", [0, 1, 200])
async def test_of_one_page_the_count_is_asked_too(shelf: Shelf, count: int) -> None:
    shelf.ids = list(range(1, count + 1))
    objects = objects_of(shelf)
    called: list[None] = []
    lists = ListPages(objects, (), UrlLimit(), archived=False)
    reader = Reader(objects, (), lists=lists, nearly_read=lambda: called.append(None))
    assert [len(page.records) async for page in reader.pages({})] == [count]
    assert called


async def test_a_count_from_before_a_reading_is_not_given(ahead: Ahead) -> None:
    ahead.ask_count()
    await ahead.forget_count()
    assert await ahead.take_count() is None
