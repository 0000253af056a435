"""A thousand sources at the same frequency do not start together."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from ontologie.jobs.ending import due_after, regular_run
from ontologie.model.run import RunStatus
from ontologie.model.source import Source
from ontologie.sync.engine import Outcome

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOURCES = 1_000
PARTS = 50
INTERVALS = {
    "5m": timedelta(minutes=5), "15m": timedelta(minutes=15), "1h": timedelta(hours=1), "6h": timedelta(hours=6),
    "daily": timedelta(days=1), "weekly": timedelta(weeks=1),
}  # fmt: skip


def source(number: int, frequency: str) -> Source:
    return Source(
        id=number, workspace_id=1, name=f"s{number}", connector="hubspot", api_url="https://api.hubapi.com",
        schema_name=f"hubspot_s{number}", streams=("contacts",), excluded_properties={}, sensitive=False,
        frequency=frequency, paused=False, account=None, next_run_at=None, created_at=NOON,
    )  # fmt: skip


@pytest.mark.parametrize("frequency", sorted(INTERVALS))
def test_they_are_spread_evenly_over_the_interval(frequency: str) -> None:
    length = INTERVALS[frequency]
    moments = [regular_run(source(number, frequency), NOON) for number in range(1, SOURCES + 1)]
    parts = Counter(int((moment - NOON) / (length / PARTS)) for moment in moments if moment)
    assert len(parts) >= PARTS, "no part of the interval is idle"
    assert max(parts.values()) <= 2 * SOURCES / PARTS


def test_a_source_keeps_its_place_from_one_interval_to_the_next() -> None:
    one = source(7, "1h")
    first = regular_run(one, NOON)
    assert first is not None
    assert regular_run(one, first) == first + timedelta(hours=1)


def test_sources_that_failed_together_are_not_tried_again_together() -> None:
    failed = Outcome(status=RunStatus.ERROR)
    waits = {due_after(source(number, "1h"), failed, now=NOON, failures=3) for number in range(1, 101)}
    assert len(waits) > 90
    assert all(moment and moment - NOON <= timedelta(hours=1) for moment in waits)
