"""Random portals, random events in the middle of syncs, random faults: after a full check the store equals the portal.

A short search here; ``make test-long`` looks further.
"""

import os
import threading
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hubspot_simulator import Portal, PortalConfig, serve_in_thread
from hubspot_simulator.bad_days import BadDays
from ontologie.model.run import RunStatus
from tests.lab import Lab

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
    }
)
_found = iter(range(1_000_000))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES < 10,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(size=sizes, days=faults, events=st.lists(st.integers(0, 40), min_size=2, max_size=3))
def test_after_a_full_check_the_store_equals_the_portal(
    lab: Lab, size: dict[str, Any], days: dict[str, float], events: list[int]
) -> None:
    account = Portal(PortalConfig(**size))
    name = f"any{os.getpid()}_{next(_found)}"
    with serve_in_thread(account) as server:
        lab.add(name, server.url)
        account.mischief.days = BadDays(**days)
        for count in events:
            living = threading.Timer(0.8, account.script.play, [count])
            living.start()
            lab.sync(name)
            living.join()
        account.mischief.days = BadDays()
        assert lab.sync(name, check=True, confirm_deletions=True).status is RunStatus.SYNCED
        assert lab.differences(account, name) == []
