"""How long reading takes against what the budgets allow, in virtual time: no machine makes it slower or faster."""

import asyncio
import bisect
import random
from collections import Counter, deque
from collections.abc import Callable
from datetime import timedelta
from itertools import accumulate

import pytest

from ontologie.connectors.contract import SessionTerms
from ontologie.connectors.hubspot.api import ObjectsApi
from ontologie.connectors.hubspot.lists import ListPages, UrlLimit
from ontologie.connectors.hubspot.portals import BURST, budget_terms
from ontologie.connectors.hubspot.reader import Reader
from ontologie.connectors.hubspot.searches import Searches
from ontologie.httpclient.client import ApiClient, Backoff
from ontologie.httpclient.request import Priority, Request, Response
from ontologie.httpclient.scheduler import Scheduler
from ontologie.httpclient.tokens import StaticToken
from ontologie.httpclient.transport import nobody
from tests.unit.connectors.hubspot.servers import bounds_of, page, query_of, record, vendor
from tests.unit.connectors.hubspot.virtual_time import LoopClock, run
from tests.unit.httpclient.doubles import answer

RECORDS = 30_000
BURST_PER_10_S = 110
FLOOR_S = RECORDS / (BURST_PER_10_S / 10 * 100 + 5 * 200)
NETWORK_S = 0.02
EARLY = 10
"""Requests until the latency changes."""


class Portal:
    """Bare ids behind a latency and HubSpot's limits, which count at arrival."""

    def __init__(self, ids: list[int], latency_s: float, *, opaque: bool, later_s: float | None = None) -> None:
        self._ids = ids
        self._latencies_s = [latency_s] * EARLY + [latency_s if later_s is None else later_s]
        self._opaque = opaque
        self._chance = random.Random(7)
        self._arrivals: dict[str, deque[float]] = {"search": deque(), "list": deque()}
        self.refused = 0

    async def send(self, request: Request, bearer_token: str, on_sent: Callable[[], None] = nobody) -> Response:
        on_sent()
        await asyncio.sleep(self._chance.uniform(0, NETWORK_S))
        search = request.path.endswith("/search")
        if not self._admitted("search" if search else "list", *((5, 1.0) if search else (BURST_PER_10_S, 10.0))):
            self.refused += 1
            return answer(429)
        latency_s = self._latencies_s.pop(0) if len(self._latencies_s) > 1 else self._latencies_s[0]
        await asyncio.sleep(latency_s * self._chance.uniform(0.67, 1.33))
        return self._search(request) if search else self._list(dict(request.params).get("after"))

    def _admitted(self, kind: str, limit: int, interval_s: float) -> bool:
        now, arrivals = asyncio.get_running_loop().time(), self._arrivals[kind]
        while arrivals and arrivals[0] <= now - interval_s:
            arrivals.popleft()
        arrivals.append(now)
        return len(arrivals) <= limit

    def _search(self, request: Request) -> Response:
        query = query_of(request)
        limit = query["limit"]
        found: list[int] = []
        for first, end in bounds_of(query):
            found += self._ids[bisect.bisect_left(self._ids, first) : bisect.bisect_left(self._ids, end)]
        found.sort()
        if query["sorts"][0]["direction"] == "DESCENDING":
            found.reverse()
        after = str(limit) if len(found) > limit else None
        return page([record(item) for item in found[:limit]], after, len(found))

    def _list(self, after: str | None) -> Response:
        opaque = after is not None and after.startswith("c")
        if self._opaque and after is not None and not opaque:
            return answer(400)
        start = int(after[1:]) if after and opaque else bisect.bisect_left(self._ids, int(after or 0))
        following = start + 100
        cursor = None
        if following < len(self._ids):
            cursor = f"c{following}" if self._opaque else str(self._ids[following])
        return page([record(item) for item in self._ids[start:following]], cursor)


async def all_read(portal: Portal) -> Counter[int]:
    clock = LoopClock()
    scheduler = Scheduler(budget_terms(SessionTerms(free_share=0.0)), clock)
    scheduler.budget(BURST).adjust(limit=BURST_PER_10_S, interval=timedelta(seconds=10))
    client = ApiClient(portal, vendor(scheduler), scheduler, StaticToken("t"), Backoff(clock))
    objects = ObjectsApi(client, "contacts", Priority.BACKFILL)
    reader = Reader(objects, ["email"], lists=ListPages(objects, ["email"], UrlLimit(), archived=False))
    bounds = asyncio.ensure_future(Searches(objects, ()).look())
    found: Counter[int] = Counter()
    async for one in reader.pages({}, bounds):
        found.update(int(item.id) for item in one.records)
    return found


def ids_with_gaps(seed: int, *, hole: bool) -> list[int]:
    """Rising ids at uneven distances; with a ``hole`` most of the id space between them is empty."""
    chance = random.Random(seed)
    steps = [1 + int(chance.expovariate(1 / 1_000)) for _ in range(RECORDS)]
    if hole:
        steps[RECORDS // 3] += 1_000 * RECORDS
    return list(accumulate(steps, initial=10**12))[1:]


@pytest.mark.parametrize(
    ("latency_s", "opaque", "hole", "most"),
    [
        pytest.param(0.3, False, False, 1.12, id="usual"),
        pytest.param(1.0, False, False, 1.35, id="slow"),
        pytest.param(2.0, False, False, 1.70, id="very slow"),
        pytest.param(0.3, False, True, 1.12, id="with a hole in the ids"),
        pytest.param(0.3, True, False, 1.71, id="opaque cursors"),
        pytest.param(0.3, True, True, 1.72, id="opaque cursors and a hole"),
    ],
)
def test_all_is_read_once_near_the_floor_of_the_budgets(
    latency_s: float, opaque: bool, hole: bool, most: float
) -> None:
    """A third of the benchmark's records, so what happens once at the beginning and the end weighs three times."""
    ids = ids_with_gaps(1, hole=hole)
    portal = Portal(ids, latency_s, opaque=opaque)
    found, seconds = run(all_read(portal))
    assert found == Counter(ids)
    assert portal.refused == 0
    assert seconds / FLOOR_S < most


def test_readers_join_when_answers_become_slow() -> None:
    """The first answers may be small and quick ones: what is enough for them is not enough for whole pages."""
    ids = ids_with_gaps(1, hole=False)
    portal = Portal(ids, 0.1, opaque=False, later_s=1.0)
    found, seconds = run(all_read(portal))
    assert found == Counter(ids)
    assert portal.refused == 0
    assert seconds / FLOOR_S < 1.35
