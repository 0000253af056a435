"""Which windows follow which."""

from datetime import UTC, datetime, timedelta

from ontologie.connectors.contract import SessionTerms
from ontologie.connectors.hubspot.planning import plan
from ontologie.model.checkpoint import Checkpoint, Segment, SegmentKind

BEGUN = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def backfill(*, at: datetime = BEGUN, done: bool = True) -> Segment:
    return Segment(kind=SegmentKind.BACKFILL, key="backfill", window_from=at, done=done)


def sweep(at: datetime, *, done: bool) -> Segment:
    return Segment(kind=SegmentKind.SWEEP, key="sweep", window_from=at, done=done)


def planned(now: datetime, *segments: Segment, check: bool = False, full: bool = False) -> dict[str, Segment]:
    checkpoint = Checkpoint(object_type="contacts", segments=segments)
    return {item.key: item for item in plan(checkpoint, SessionTerms(), now=now, check=check, full=full)}


def test_the_first_second_look_covers_what_search_did_not_show_the_backfill_yet() -> None:
    found = planned(BEGUN + HOUR, backfill())["second_look"]
    assert (found.window_from, found.window_to) == (BEGUN - HOUR, BEGUN)


def test_a_full_check_that_was_asked_for_during_a_backfill_is_read_behind_it() -> None:
    found = planned(BEGUN + HOUR, backfill(done=False), sweep(BEGUN, done=False))
    assert list(found)[-2:] == ["backfill", "sweep"]


def test_a_full_check_asked_for_with_reading_everything_again_is_read_behind_it() -> None:
    assert list(planned(BEGUN + HOUR, backfill(), full=True)) == ["archived", "backfill"]
    assert list(planned(BEGUN + HOUR, backfill(), full=True, check=True)) == ["archived", "backfill", "sweep"]


def test_a_first_sync_that_is_asked_for_a_full_check_makes_one_behind_its_backfill() -> None:
    """What was deleted, merged, linked or recalculated behind the backfill's back is seen by the sweep."""
    assert list(planned(BEGUN)) == ["backfill"]
    assert list(planned(BEGUN, check=True)) == ["archived", "backfill", "sweep"]


def test_reading_everything_again_puts_no_full_check_off() -> None:
    checked = sweep(BEGUN, done=True)
    again = backfill(at=BEGUN + 20 * HOUR)
    assert "sweep" not in planned(BEGUN + 23 * HOUR, again, checked)
    assert "sweep" in planned(BEGUN + 25 * HOUR, again, checked)


def test_what_was_read_by_a_clock_that_was_fast_puts_nothing_off() -> None:
    late = BEGUN + 1_000 * HOUR
    archived = Segment(kind=SegmentKind.ARCHIVED, key="archived", window_from=late, done=True)
    changes = Segment(kind=SegmentKind.CHANGES, key="changes", window_from=late, window_to=late, done=True)
    found = planned(BEGUN + HOUR, backfill(), sweep(late, done=True), archived, changes)
    assert {"changes", "archived", "sweep"} <= found.keys()
    assert found["changes"].window_from < BEGUN + HOUR
