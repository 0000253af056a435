"""Where bars lie on a stretch of time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ontologie.model.run import ObjectProgress, Run, RunEvent, RunGlance, RunOptions, RunStatus
from ontologie.model.source import Source
from ontologie.model.stream import StreamStatus
from ontologie.services.runs import RunStory
from ontologie.web.timeline import WIDTH, Axis, lanes, strip

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def story(*events: RunEvent, ended: bool = True) -> RunStory:
    item = ObjectProgress(
        object_type="contacts",
        stream="contacts",
        status=StreamStatus.SYNCED,
        started_at=NOON + MINUTE,
        ended_at=NOON + 9 * MINUTE if ended else None,
    )
    run = Run(
        id=1,
        source_id=1,
        status=RunStatus.SYNCED if ended else RunStatus.RUNNING,
        options=RunOptions(),
        trigger="user",
        created_at=NOON,
        started_at=NOON,
        ended_at=NOON + 10 * MINUTE if ended else None,
        objects=(item,),
    )
    source: Source = None  # type: ignore[assignment] - not looked at
    return RunStory(run=run, source=source, events=events, quota=None)


def phase(minutes: int, name: str) -> RunEvent:
    return RunEvent(at=NOON + minutes * MINUTE, kind="phase", object_type="contacts", detail={"phase": name})


def test_phases_follow_one_another_from_begin_to_end() -> None:
    [lane] = lanes(story(phase(2, "backfill"), phase(5, "changes")), NOON)
    assert [(bar.kind, bar.x, bar.width) for bar in lane.bars] == [
        ("definitions", 100, 100), ("backfill", 200, 300), ("changes", 500, 400)
    ]  # fmt: skip


def test_what_is_under_way_reaches_to_now() -> None:
    [lane] = lanes(story(phase(2, "backfill"), ended=False), NOON + 4 * MINUTE)
    assert (lane.bars[-1].x, lane.bars[-1].width) == (500, 500)


def test_a_run_without_a_moment_of_its_own_still_shows() -> None:
    run = RunGlance(id=7, source_id=1, status=RunStatus.QUEUED, created_at=NOON, started_at=None, ended_at=None)
    [bar] = strip([run], NOON - 23 * 60 * MINUTE, NOON + 60 * MINUTE)
    assert (bar.kind, bar.run_id) == ("queued", 7)
    assert 950 < bar.x < 960


@given(st.integers(-3_000, 3_000), st.integers(0, 3_000), st.integers(0, 1_000))
def test_no_bar_leaves_the_drawing_or_vanishes(begins: int, takes: int, whole: int) -> None:
    axis = Axis(begin=NOON, end=NOON + whole * MINUTE)
    bar = axis.bar("x", NOON + begins * MINUTE, NOON + (begins + takes) * MINUTE)
    assert bar.x >= 0
    assert bar.width > 0
    assert bar.x + bar.width <= WIDTH + 0.2
