"""What a first sync asks before anybody waits for it."""

from collections.abc import AsyncGenerator

import pytest

from ontologie.connectors.hubspot.ahead import Ahead
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
    await settle()
    shelf.ids = shelf.ids[1:]
    assert await ahead.take_count() == 450
    assert await ahead.take_count() is None


async def test_a_count_from_before_a_reading_is_not_given(ahead: Ahead) -> None:
    ahead.ask_count()
    await ahead.forget_count()
    assert await ahead.take_count() is None
