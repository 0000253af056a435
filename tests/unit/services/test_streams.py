"""What a stream says of its object types taken together."""

from datetime import UTC, datetime, timedelta

import pytest

from ontologie.model.stream import StreamStatus
from ontologie.services.streams import ObjectOverview, SourceOverview, StreamOverview

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def one(name: str, status: StreamStatus = StreamStatus.SYNCED, **others: object) -> ObjectOverview:
    return ObjectOverview(source_id=1, object_type=name, status=status, **others)  # type: ignore[arg-type]


def stream(*objects: ObjectOverview) -> StreamOverview:
    return StreamOverview(name="engagements", objects=objects)


def test_the_sums_are_of_what_is_known() -> None:
    found = stream(one("calls", records=3, read=1), one("notes", records=None, read=None), one("tasks", records=4))
    assert found.records == 7
    assert found.read == 1
    assert stream(one("calls"), one("notes")).records is None


def test_what_is_expected_is_known_only_once_all_of_it_is() -> None:
    assert stream(one("calls", expected=3), one("notes")).expected is None
    assert stream(one("calls", expected=3), one("notes", expected=0)).expected == 3


def test_it_is_as_fresh_as_the_oldest_of_its_object_types() -> None:
    earlier = NOON - timedelta(hours=1)
    assert stream(one("calls", last_synced_at=NOON), one("notes", last_synced_at=earlier)).last_synced_at == earlier
    assert stream(one("calls", last_synced_at=NOON), one("notes")).last_synced_at is None


def test_the_problem_shown_is_the_worst_ones() -> None:
    found = stream(
        one("calls", StreamStatus.PARTIAL, diagnosis_code="RECORDS_LIMIT_REACHED"),
        one("notes", StreamStatus.ACTION_REQUIRED, diagnosis_code="HUBSPOT_SCOPE_MISSING"),
        one("tasks", StreamStatus.ERROR),
    )
    assert found.status is StreamStatus.ACTION_REQUIRED
    assert found.problem is not None
    assert found.problem.diagnosis_code == "HUBSPOT_SCOPE_MISSING"
    assert stream(one("calls")).problem is None


def test_during_the_first_run_what_was_read_is_what_is_held() -> None:
    assert one("calls", StreamStatus.SYNCING, read=120).held == 120
    assert one("calls", StreamStatus.SYNCING, read=120, records=5_000).held == 5_000


@pytest.mark.parametrize(
    ("stopped", "said"),
    [
        (StreamStatus.SYNCED, StreamStatus.PENDING),
        (StreamStatus.RETRYING, StreamStatus.RETRYING),
        (StreamStatus.ACTION_REQUIRED, StreamStatus.ACTION_REQUIRED),
    ],
)
def test_a_source_is_as_well_as_what_stopped_its_last_run(stopped: StreamStatus, said: StreamStatus) -> None:
    overview = SourceOverview(
        id=1, name="acme", connector="hubspot", account=None, streams=(stream(one("calls", StreamStatus.PENDING)),),
        frequency="1h", paused=False, next_run_at=None, simulated=False, schema_name="hubspot_acme",
        hard_delete=False, open_run=None, stopped=stopped,
    )  # fmt: skip
    assert overview.health is said


def test_counts_that_cancel_each_other_out_are_not_equal() -> None:
    found = stream(
        one("calls", checked_at=NOON, checked_ours=12, checked_theirs=10),
        one("notes", checked_at=NOON, checked_ours=8, checked_theirs=10),
        one("tasks", checked_at=NOON, checked_ours=5, checked_theirs=5),
    )
    assert found.checked_ours == found.checked_theirs
    assert [item.object_type for item in found.unequal] == ["calls", "notes"]


def test_what_was_never_counted_there_is_not_unequal() -> None:
    assert stream(one("calls", checked_ours=12)).unequal == ()
