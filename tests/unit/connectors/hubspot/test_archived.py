"""The list of deleted records goes on where a slice ended: a long one would else begin again for ever."""

from typing import Any

import pytest

from ontologie.connectors.hubspot.archived import ArchivedReader
from ontologie.connectors.hubspot.lists import ListPages, UrlLimit
from ontologie.errors import RequestRefused
from ontologie.httpclient.request import Request, Response
from tests.unit.connectors.hubspot.servers import Shelf, objects_of
from tests.unit.httpclient.doubles import answer


def reader_of(shelf: Any, position: dict[str, str]) -> ArchivedReader:
    return ArchivedReader(ListPages(objects_of(shelf), ["email"], UrlLimit(), archived=True), position)


async def ids_of(reader: ArchivedReader) -> list[int]:
    return [int(record.id) async for page in reader.pages() for record in page.records]


@pytest.mark.parametrize("pages", [1, 2, 5, 7])
async def test_reading_on_from_a_position_gives_exactly_the_rest(pages: int) -> None:
    shelf = Shelf(range(1, 701))
    reader = reader_of(shelf, {})
    road = reader.pages()
    first = [int(record.id) for _ in range(pages) for record in (await anext(road)).records]
    position = reader.position()
    await road.aclose()
    assert first + await ids_of(reader_of(shelf, position)) == list(range(1, 701))


async def test_a_position_that_is_no_longer_taken_begins_again() -> None:
    shelf = Shelf(range(1, 301))

    def refusing(request: Request) -> Response:
        return answer(400) if dict(request.params).get("after") == "gone" else shelf(request)

    assert await ids_of(reader_of(refusing, {"after": "gone"})) == list(range(1, 301))


async def test_a_list_that_begins_again_may_pass_the_cursor_that_was_refused() -> None:
    shelf = Shelf(range(1, 301))
    refused: list[Request] = []

    def refusing_once(request: Request) -> Response:
        if dict(request.params).get("after") == "201" and not refused:
            refused.append(request)
            return answer(400)
        return shelf(request)

    assert await ids_of(reader_of(refusing_once, {"after": "201"})) == list(range(1, 301))


async def test_a_cursor_that_this_very_run_was_given_and_is_refused_is_an_error() -> None:
    shelf = Shelf(range(1, 301))

    def refusing(request: Request) -> Response:
        return answer(400) if dict(request.params).get("after") == "201" else shelf(request)

    with pytest.raises(RequestRefused):
        await ids_of(reader_of(refusing, {}))


async def test_a_refused_first_page_is_an_error() -> None:
    with pytest.raises(RequestRefused):
        await ids_of(reader_of(lambda _request: answer(400), {}))
