"""Random portals, random events in the middle of syncs, random faults: after a full check the store equals the portal.

A short search here; ``make test-long`` looks further.
"""

import os
import random
import threading
from typing import Any, get_args

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hubspot_simulator import Portal, PortalConfig, serve_in_thread
from hubspot_simulator.bad_days import BadDays
from hubspot_simulator.events import MergeMode
from ontologie.model.run import RunStatus
from tests.conftest import WIDE
from tests.lab import Lab, ids

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
        "moving_rows": st.sampled_from([0, 0.1]),
        "hidden_rows": st.sampled_from([0, 0.1]),
        "partial_batches": st.sampled_from([0, 0.1]),
        "search_lag_s": st.sampled_from([0, 0, 1]),
    }
)
happenings = st.lists(st.tuples(st.integers(0, 40), st.sampled_from([0.2, 0.5, 0.8, 1.2])), min_size=2, max_size=3)
"""How much happens after each sync's beginning, and how many seconds after it."""
_found = iter(range(1_000_000))
_DELETED = 0.3
"""How often what was merged is deleted as well."""


class Life:
    """What the portal's own script does not do, drawn from a seed: erasures, bulk edits, links that go, properties."""

    def __init__(self, account: Portal, seed: int) -> None:
        self._account = account
        self._draw = random.Random(seed)
        self.strokes = (
            self._erase,
            self._erase_deleted,
            self._bulk_edit,
            self._unlink,
            self._link,
            self._define,
            self._archive_property,
            self._retype,
            self._merge,
        )

    def live(self, count: int) -> None:
        """So many strokes of fate, next to as many ordinary events."""
        self._account.script.play(count)
        for _ in range(count // 4):
            self._draw.choice(self.strokes)()

    def _some(self, object_type: str, most: int) -> list[int]:
        found = list(ids(self._account, object_type))
        return self._draw.sample(found, min(len(found), self._draw.randint(0, most)))

    def _erase(self) -> None:
        for record in self._some("contacts", 1):
            self._account.events.gdpr_delete("contacts", record)

    def _erase_deleted(self) -> None:
        deleted = [item["id"] for item in self._account.truth() if item.get("archived") and item["type"] == "contacts"]
        for record in self._draw.sample(deleted, min(len(deleted), 1)):
            self._account.events.gdpr_delete("contacts", record)

    def _merge(self) -> None:
        """In each of the three ways; sometimes the survivor is merged again, or deleted."""
        mode = self._draw.choice(get_args(MergeMode))
        survivor: int | None = None
        for record in self._some("contacts", 3):
            survivor = record if survivor is None else self._account.events.merge("contacts", survivor, record, mode)
        if survivor is not None and self._draw.random() < _DELETED:
            self._account.events.archive("contacts", survivor)

    def _bulk_edit(self) -> None:
        records = self._some("contacts", 300)
        self._account.events.bulk_edit("contacts", records, {"jobtitle": f"Bulk {self._draw.random()}"})

    def _link(self) -> None:
        for contact in self._some("contacts", 3):
            for company in self._some("companies", 1):
                self._account.events.associate("contacts", contact, "companies", company)

    def _unlink(self) -> None:
        links = [
            item
            for item in self._account.truth()
            if item["kind"] == "association" and (item["from_type"], item["to_type"]) == ("contacts", "companies")
        ]
        for item in self._draw.sample(links, min(len(links), 2)):
            self._account.events.disassociate("contacts", item["from_id"], "companies", item["to_id"])

    def _define(self) -> None:
        name = f"invented_{self._draw.randrange(10**9)}"
        self._account.events.add_property("contacts", name)
        for record in self._some("contacts", 3):
            self._account.events.recalculate("contacts", record, {name: "filled"})

    def _invented(self) -> list[str]:
        found = self._account.stores["contacts"].properties.values()
        return [item.name for item in found if item.name.startswith("invented_") and item.archived_ms is None]

    def _archive_property(self) -> None:
        for name in self._draw.sample(self._invented(), min(len(self._invented()), 1)):
            self._account.events.archive_property("contacts", name)

    def _retype(self) -> None:
        for name in self._draw.sample(self._invented(), min(len(self._invented()), 1)):
            self._account.events.retype_property("contacts", name, self._draw.choice(("string", "number", "date")))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES < 10,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(size=sizes, days=faults, events=happenings)
def test_after_a_full_check_the_store_equals_the_portal(
    lab: Lab, size: dict[str, Any], days: dict[str, float], events: list[tuple[int, float]]
) -> None:
    account = Portal(PortalConfig(**WIDE | size))
    name = f"any{os.getpid()}_{next(_found)}"
    with serve_in_thread(account) as server:
        lab.add(name, server.url)
        account.mischief.days = BadDays(**days)
        life = Life(account, size["seed"])
        for count, moment in events:
            living = threading.Timer(moment, life.live, [count])
            living.start()
            lab.sync(name)
            living.join()
        account.mischief.days = BadDays()
        assert lab.sync(name, check=True, confirm_deletions=True).status is RunStatus.SYNCED
        assert lab.differences(account, name) == []
