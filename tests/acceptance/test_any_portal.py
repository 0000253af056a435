"""Random portals, random events in the middle of syncs, random faults: after a full check the store equals the portal.

A short search here; ``make test-long`` looks further.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hubspot_simulator import Portal, PortalConfig, serve_in_thread
from hubspot_simulator.bad_days import BadDays
from ontologie.model.record import LoadCounts
from ontologie.model.run import RunOptions, RunStatus
from ontologie.services.context import Context
from tests.acceptance.test_short_slices import in_slices
from tests.conftest import WIDE
from tests.lab import Lab
from tests.life import Life
from tests.truth import TYPES

EXAMPLES = int(os.environ.get("ONTOLOGIE_TEST_EXAMPLES", "4"))

sizes = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "contacts": st.sampled_from([0, 1, 99, 199, 200, 201, 640, 1_900]),
        "companies": st.sampled_from([0, 1, 30, 230]),
        "deals": st.sampled_from([0, 1, 40]),
        "tickets": st.sampled_from([0, 25]),
        "emails": st.sampled_from([0, 30]),
        "calls": st.just(0),
        "notes": st.sampled_from([0, 15]),
        "tasks": st.just(0),
        "meetings": st.just(0),
        "contact_properties": st.sampled_from([24, 60, 210]),
        "cars": st.sampled_from([0, 12]),
        "ids_from": st.sampled_from([0, 0, 7 * 10**17]),
        "opaque_cursors": st.booleans(),
        "association_page_size": st.sampled_from([2, 100]),
        "max_url_bytes": st.sampled_from([3_000, 16_000]),
    }
)
faults = st.fixed_dictionaries(
    {
        "rate_429": st.sampled_from([0, 0.02]),
        "rate_502": st.sampled_from([0, 0.02]),
        "reset": st.sampled_from([0, 0.02]),
        "truncated": st.sampled_from([0, 0.02]),
        "search_disorder": st.sampled_from([0, 0.5]),
        "short_pages": st.sampled_from([0, 0.3]),
        "duplicate_rows": st.sampled_from([0, 0.1]),
        "moving_rows": st.sampled_from([0, 0.1]),
        "hidden_rows": st.sampled_from([0, 0.1]),
        "partial_batches": st.sampled_from([0, 0.1]),
        "search_lag_s": st.sampled_from([0, 0, 1]),
        "spoilt_records": st.sampled_from([0, 0, 0.05]),
    }
)
refusals = st.sampled_from([{}, {}, {"families": ("associations",), "rate_404": 0.3}])
"""404 without a cause: of a single record it would mean that it is gone."""
ways = st.sampled_from(["whole", "checked", "limited", "held", "cut", "stolen", "in slices", "unticked", "excluded"])
"""How a sync goes."""
happenings = st.lists(
    st.tuples(ways, st.integers(0, 40), st.sampled_from([0.05, 0.2, 0.5, 0.8, 1.2])), min_size=2, max_size=3
)
"""How each sync goes, how much happens after its beginning, and how many seconds after it."""
CARS = "p145000001_cars"
STREAMS = ("contacts", "companies", "deals", "tickets", "engagements", CARS)
_found = iter(range(1_000_000))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES < 10,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(size=sizes, days=faults, refused=refusals, events=happenings, hard_delete=st.booleans())
def test_after_a_full_check_the_store_equals_the_portal(
    lab: Lab,
    size: dict[str, Any],
    days: dict[str, float],
    refused: dict[str, Any],
    events: list[tuple[str, int, float]],
    hard_delete: bool,
) -> None:
    account = Portal(PortalConfig(**WIDE | size))
    name = f"any{os.getpid()}_{next(_found)}"
    with serve_in_thread(account) as server:
        lab.add(name, server.url, *STREAMS, hard_delete=hard_delete)
        account.mischief.days = BadDays(**days | refused)
        life = Life(account, size["seed"])
        for way, count, moment in events:
            living = threading.Timer(moment, life.live, [count])
            living.start()
            sync(lab, account, name, way)
            living.join()
        account.mischief.days = BadDays()
        lab.choose(name, STREAMS)
        lab.sync(name)  # what was cut off comes to its end
        ended = lab.sync(name, check=True, confirm_deletions=True)
        assert ended.status is RunStatus.SYNCED
        assert lab.differences(account, name, *TYPES, CARS) == []
        assert [item for item in ended.objects if item.checked_ours != item.checked_theirs] == []
        again = lab.sync(name, check=True)
        assert [item.object_type for item in again.objects if changed(item.counts)] == [], "nothing is turned over"
        assert lab.differences(account, name, *TYPES, CARS) == []


def sync(lab: Lab, account: Portal, name: str, way: str) -> None:
    """One sync that goes this way."""
    if way == "unticked":
        lab.choose(name, ("contacts", "engagements"))
    elif way == "excluded":
        lab.choose(name, STREAMS, contacts=("jobtitle", "hubspotscore"), deals=("dealstage",))
    if way == "cut":
        lab.cut(account, name, after=1 + account.statistics.requests % 23, check=bool(account.script.played % 2))
    elif way == "stolen":
        with stealing(lab, name):
            lab.sync(name)
    elif way == "in slices":
        in_slices(lab, name, RunOptions())
    else:
        lab.settings = SETTINGS.get(way, {})
        try:
            lab.sync(name, check=way in ("checked", "held"))
        finally:
            lab.settings = {}
    if way in ("unticked", "excluded"):
        lab.choose(name, STREAMS)


SETTINGS: dict[str, dict[str, object]] = {
    "limited": {"records_per_sync_limit": 150},
    "held": {"mass_deletion_records": 2, "mass_deletion_share": 0.01},
}


@contextlib.contextmanager
def stealing(lab: Lab, name: str) -> Iterator[None]:
    """Meanwhile another worker takes the source over, three times."""
    over = threading.Event()
    with psycopg.connect(lab.within(_owner), autocommit=True) as connection:

        def steal() -> None:
            for _ in range(3):
                if over.wait(0.4):
                    break
                with contextlib.suppress(psycopg.errors.UndefinedTable):
                    connection.execute(f"UPDATE hubspot_{name}._lease SET epoch = epoch + 1".encode())

        thief = threading.Thread(target=steal)
        thief.start()
        try:
            yield
        finally:
            over.set()
            thief.join()


async def _owner(context: Context) -> str:
    return context.database_url


def changed(counts: LoadCounts) -> int:
    return counts.inserted + counts.updated + counts.archived + counts.links
