"""Every record exactly once, from portals that behave and from some that do not; an error with a name, never a loop."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any, NoReturn

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontologie.connectors.hubspot.lists import ListPages, UrlLimit
from ontologie.connectors.hubspot.ranges import Bounds
from ontologie.connectors.hubspot.reader import Reader
from ontologie.connectors.hubspot.searches import Searches
from ontologie.errors import ContractBroken, OntologieError, QuotaReached, RequestRefused, Unreachable
from ontologie.httpclient.request import Request, Response
from ontologie.httpclient.transport import nobody
from tests.unit.connectors.hubspot.servers import Shelf, objects_of, objects_over, page, query_of, record
from tests.unit.httpclient.clockwork import settle
from tests.unit.httpclient.doubles import ScriptedTransport, answer

PATIENCE_S = 5


def reader_of(shelf: Any, properties: list[str]) -> Reader:
    objects = objects_of(shelf)
    return Reader(objects, properties, lists=ListPages(objects, properties, UrlLimit(), archived=False))


async def ids_read(shelf: Any, position: dict[str, str] | None = None) -> Counter[int]:
    """How often each id came, checking that each page keeps to the ids it stands for."""
    found: Counter[int] = Counter()
    async with asyncio.timeout(PATIENCE_S):
        async for one in reader_of(shelf, ["email"]).pages(position or {}):
            ids = [int(item.id) for item in one.records]
            assert all(one.first <= item < one.end for item in ids)
            found.update(set(ids))
    return found


@pytest.mark.parametrize("count", [0, 1, 100, 199, 200, 201, 401, 2_500, 12_000])
async def test_every_record_comes_exactly_once(count: int) -> None:
    ids = [7 * number + 3 for number in range(count)]
    assert await ids_read(Shelf(ids)) == Counter(ids)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(st.sampled_from([1, 2, 10, 1_000, 10**6, 10**9]), min_size=1, max_size=30),
    count=st.integers(0, 3_000),
    start=st.integers(1, 2**40),
)
async def test_however_unevenly_the_ids_are_spread(steps: list[int], count: int, start: int) -> None:
    ids = [start]
    for number in range(count):
        ids.append(ids[-1] + steps[number % len(steps)])
    assert await ids_read(Shelf(ids)) == Counter(ids)


class OpaqueCursors(Shelf):
    """Cursors that are no ids: a list cannot start anywhere."""

    def list(self, params: dict[str, str]) -> Response:
        start = int(params["after"].removeprefix("cursor ")) if "after" in params else 0
        if "after" in params and not params["after"].startswith("cursor "):
            return answer(400, b'{"category":"VALIDATION_ERROR","message":"invalid after"}')
        rows = [record(item) for item in self.ids[start : start + 100]]
        return page(rows, f"cursor {start + 100}" if start + 100 < len(self.ids) else None)


class IgnoredAfter(Shelf):
    """An ``after`` that is not understood starts from the beginning."""

    def list(self, params: dict[str, str]) -> Response:
        after = params.get("after", "")
        start = int(after.removeprefix("cursor ")) if after.startswith("cursor ") else 0
        rows = [record(item) for item in self.ids[start : start + 100]]
        return page(rows, f"cursor {start + 100}" if start + 100 < len(self.ids) else None)


class ListedByAnotherOrder(IgnoredAfter):
    """A list that is not by id."""

    def __init__(self, ids: list[int]) -> None:
        super().__init__(ids)
        self.by_id = self.ids

    def list(self, params: dict[str, str]) -> Response:
        self.ids = self.by_id[::-1]
        try:
            return super().list(params)
        finally:
            self.ids = self.by_id


class ShortPages(Shelf):
    """Fewer rows than asked, with a cursor all the same."""

    calls = 0

    def list(self, params: dict[str, str]) -> Response:
        self.calls += 1
        first = int(params.get("after", "0"))
        found = [item for item in self.ids if item >= first]
        size = 1 if self.calls % 3 == 0 else 37
        return page([record(item) for item in found[:size]], str(found[size]) if len(found) > size else None)


class Duplicates(Shelf):
    """A row that the last page gave comes again on the next, as when a record moves between pages."""

    def list(self, params: dict[str, str]) -> Response:
        first = int(params.get("after", "0"))
        before = [item for item in self.ids if item < first][-1:] if "after" in params else []
        found = [item for item in self.ids if item >= first]
        rows = [record(item) for item in [*before, *found[: 100 - len(before)]]]
        rest = found[100 - len(before) :]
        return page(rows, str(rest[0]) if rest else None)


class DisorderedSearch(Shelf):
    """Pages of a search in any order within themselves."""

    def search(self, query: dict[str, Any]) -> Response:
        made = super().search(query)
        body = msgspec.json.decode(made.body)
        body["results"].reverse()
        return answer(body=msgspec.json.encode(body))


@pytest.mark.parametrize(
    "kind",
    [
        OpaqueCursors,
        IgnoredAfter,
        pytest.param(
            ListedByAnotherOrder,
        ),
        ShortPages,
        Duplicates,
        DisorderedSearch,
    ],
)
@pytest.mark.parametrize("count", [1_250, 5_000])
async def test_odd_portals_are_read_whole_too(kind: type[Shelf], count: int) -> None:
    ids = [3 * number + 1 for number in range(count)]
    found = await ids_read(kind(ids))
    assert set(found) == set(ids)


async def test_records_that_vanish_while_we_read_are_not_waited_for() -> None:
    shelf = Shelf(range(1, 5_001))
    found: set[int] = set()
    async for one in reader_of(shelf, []).pages({}):
        found |= {int(item.id) for item in one.records}
        shelf.ids = [item for item in shelf.ids if item % 2]
    assert set(range(1, 5_001, 2)) <= found


@pytest.mark.parametrize("after_pages", [1, 2, 7, 20])
async def test_reading_on_from_a_position_gives_all_that_was_not_handed_out(after_pages: int) -> None:
    ids = list(range(1, 6_001))
    reader = reader_of(Shelf(ids), [])
    pages = reader.pages({})
    stored: set[int] = set()
    position: dict[str, str] = {}
    for _ in range(after_pages):
        one = await anext(pages)
        stored |= {int(item.id) for item in one.records}
        position = reader.ranges.position() if reader.ranges else {}
    await pages.aclose()
    rest = await ids_read(Shelf(ids), position)
    assert stored | set(rest) == set(ids)


def lists_asked(shelf: Shelf) -> list[str]:
    """From now on, where each list of the shelf is asked to begin."""
    asked: list[str] = []
    list_ = shelf.list

    def noted(params: dict[str, str]) -> Response:
        asked.append(params.get("after", ""))
        return list_(params)

    shelf.list = noted  # type: ignore[method-assign]
    return asked


async def read_half(ids: list[int]) -> tuple[set[int], dict[str, str]]:
    """What was stored of opaque cursors, and the position behind it."""
    reader = reader_of(OpaqueCursors(ids), [])
    stored: set[int] = set()
    pages = reader.pages({})
    while len(stored) < len(ids) / 2:
        stored |= {int(item.id) for item in (await anext(pages)).records}
    assert reader.ranges is not None
    position = reader.ranges.position()
    await pages.aclose()
    return stored, position


async def test_a_list_with_opaque_cursors_goes_on_where_an_earlier_run_left_it() -> None:
    ids = list(range(1, 12_001))
    stored, position = await read_half(ids)
    shelf = OpaqueCursors(ids)
    asked = lists_asked(shelf)
    assert stored | set(await ids_read(shelf, position)) == set(ids)
    reached = int(asked[0].removeprefix("cursor "))
    assert set(ids[:reached]) <= stored, "all below was stored"
    assert reached > 100, "and it is no page of the beginning"


async def test_a_cursor_of_an_earlier_run_that_is_no_longer_taken_begins_again() -> None:
    class Forgetful(OpaqueCursors):
        fresh = False

        def list(self, params: dict[str, str]) -> Response:
            self.fresh = self.fresh or "after" not in params
            return super().list(params) if self.fresh else answer(400, b'{"message":"invalid after"}')

    ids = list(range(1, 12_001))
    stored, position = await read_half(ids)
    assert "cursor" in position
    assert stored | set(await ids_read(Forgetful(ids), position)) == set(ids)


async def test_no_list_is_asked_to_start_at_an_id_when_its_first_cursor_was_none() -> None:
    ids = list(range(1, 5_001))
    shelf = OpaqueCursors(ids)
    objects = objects_of(shelf)
    bounds = asyncio.ensure_future(Searches(objects, ()).look())
    await bounds
    asked = lists_asked(shelf)
    reader = reader_of(shelf, [])
    found = Counter([int(item.id) async for one in reader.pages({}, bounds) for item in one.records])
    assert found == Counter(ids)
    assert not [after for after in asked if after.isdecimal()]


class StandsStill(Shelf):
    """The list's cursor never moves."""

    def list(self, params: dict[str, str]) -> Response:
        rows = [record(item) for item in self.ids[:100]]
        return page(rows, params.get("after", "1"))


class GoesInACircle(Shelf):
    """The list's cursors are opaque and come back to where they were."""

    def list(self, params: dict[str, str]) -> Response:
        following = {"": "a", "a": "b", "b": "a"}.get(params.get("after", ""), "a")
        return page([], following)


class EmptyForEver(Shelf):
    """Searches find nothing and say there is more."""

    def search(self, query: dict[str, Any]) -> Response:
        return page([], "200", 5_000)


@pytest.mark.parametrize("kind", [StandsStill, GoesInACircle, EmptyForEver])
async def test_a_cursor_that_repeats_is_named_and_never_followed_for_ever(kind: type[Shelf]) -> None:
    try:
        found = await ids_read(kind(range(1, 5_001)))
    except ContractBroken:
        return
    assert set(found) == set(range(1, 5_001)), "or the searches had read all before the list lied"


class Overrun(Exception):
    """A loop was not noticed."""


class FiltersIgnored(Shelf):
    """Every search gives the first records of all, whatever its filters ask."""

    calls = 0

    def search(self, query: dict[str, Any]) -> Response:
        self.calls += 1
        if self.calls > 500:
            raise Overrun
        return super().search(query | {"filterGroups": []})


async def test_a_search_that_ignores_its_filters_is_named_and_never_repeated_for_ever() -> None:
    with pytest.raises(ContractBroken):
        await ids_read(FiltersIgnored(range(1, 2_001)))


class IdsThatAreNone(Shelf):
    def search(self, query: dict[str, Any]) -> Response:
        return page([record("12a")], None, 1)


async def test_an_id_that_is_no_number_stops_nothing() -> None:
    assert not await ids_read(IdsThatAreNone([1]))


@pytest.mark.parametrize("broken", [answer(500), answer(body=b"{"), answer(body=b'{"results":{}}'), answer(body=b"")])
async def test_trouble_in_the_middle_ends_the_reading_with_our_error(broken: Response) -> None:
    shelf = Shelf(range(1, 5_001))
    calls = 0

    def respond(request: Any) -> Response:
        nonlocal calls
        calls += 1
        return shelf(request) if calls < 8 else broken

    with pytest.raises((Unreachable, ContractBroken)) as caught:
        await ids_read(respond)
    assert isinstance(caught.value, OntologieError)


async def test_closing_the_pages_early_cancels_what_is_in_flight() -> None:
    before = len(asyncio.all_tasks())
    pages = reader_of(Shelf(range(1, 20_001)), []).pages({})
    await anext(pages)
    await anext(pages)
    await pages.aclose()
    assert len(asyncio.all_tasks()) <= before + 1  # the scheduler's own may still be ending


async def test_closing_the_pages_while_they_wait_to_be_taken_ends_at_once() -> None:
    pages = reader_of(Shelf(range(1, 20_001)), []).pages({})
    await anext(pages)
    await anext(pages)
    await settle()
    async with asyncio.timeout(0.5):
        await pages.aclose()


class StalledLists(Shelf):
    """List pages that do not come: the second of each list waits for ever."""

    calls = 0

    async def wait(self) -> None:
        self.calls += 1
        if self.calls > 1:
            await asyncio.Event().wait()


class SlowTransport(ScriptedTransport):
    """Lists go through the shelf's wait."""

    def __init__(self, shelf: StalledLists) -> None:
        super().__init__(shelf)
        self._shelf = shelf

    async def send(self, request: Request, bearer_token: str, on_sent: Callable[[], None] = nobody) -> Response:
        if not request.path.endswith("/search"):
            await self._shelf.wait()
        return await super().send(request, bearer_token, on_sent)


async def test_what_a_list_waits_for_is_read_by_search_in_the_end() -> None:
    ids = list(range(1, 3_001))
    objects = objects_over(SlowTransport(StalledLists(ids)))
    reader = Reader(objects, [], lists=ListPages(objects, [], UrlLimit(), archived=False))
    found: Counter[int] = Counter()
    async with asyncio.timeout(PATIENCE_S):
        async for one in reader.pages({}):
            found.update(int(item.id) for item in one.records)
    assert found == Counter(ids), "nothing twice either"


async def test_bounds_that_were_looked_up_before_spare_the_first_search() -> None:
    ids = [7 * number for number in range(1, 2_501)]
    reader = reader_of(Shelf(ids), [])
    bounds = await Searches(objects_of(Shelf(ids)), []).look()
    assert (bounds.first, bounds.last, bounds.total) == (7, 17_500, 2_500)

    async def known() -> Bounds:
        return bounds

    found: Counter[int] = Counter()
    async for one in reader.pages({}, known()):
        found.update(int(item.id) for item in one.records)
    assert found == Counter(ids)


class RefusesManyProperties(Shelf):
    """A search with properties in its body is refused; batches are not."""

    searches_refused = 0

    def __call__(self, request: Request) -> Response:
        if request.path.endswith("/batch/read"):
            asked = query_of(request)
            return page([record(one["id"], {"email": "whole"}) for one in asked["inputs"]])
        if request.path.endswith("/search") and query_of(request)["properties"]:
            self.searches_refused += 1
            return answer(400, b'{"category":"VALIDATION_ERROR"}')
        return super().__call__(request)


async def test_where_a_search_refuses_its_properties_ids_are_searched_and_records_read_in_batches() -> None:
    shelf = RefusesManyProperties(range(1, 901))
    objects = objects_of(shelf)
    found: dict[int, str | None] = {}
    async for one in Reader(objects, ["email"], lists=None).pages({}):
        found |= {int(item.id): item.properties["email"] for item in one.records}
    assert found == dict.fromkeys(range(1, 901), "whole")
    assert shelf.searches_refused == 1, "learnt once"


async def test_a_search_that_is_refused_for_another_reason_is_an_error() -> None:
    with pytest.raises(RequestRefused):
        [one async for one in Reader(objects_of(lambda _request: answer(400)), ["email"], lists=None).pages({})]


async def test_readers_that_fail_before_anybody_looks_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a day's quota that is used up: no request leaves, and other readers wait for what the first finds out."""

    async def refused(*_: object) -> NoReturn:
        raise QuotaReached("nothing is left today")

    async def known() -> Bounds:
        return Bounds(first=1, last=12_000, total=12_000)

    monkeypatch.setattr(ListPages, "page", refused)
    monkeypatch.setattr(Searches, "page", refused)
    with pytest.raises(QuotaReached):
        async with asyncio.timeout(PATIENCE_S):
            [one async for one in reader_of(Shelf(list(range(1, 12_001))), ["email"]).pages({}, known())]
