"""Bars over a stretch of time, as numbers for an SVG: where each begins and how long it is."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from ontologie.model.run import ObjectProgress, RunGlance
from ontologie.services.runs import RunStory

WIDTH = 1000
"""Of the drawing, in its own units."""
_LEAST = 4
"""So wide is what took no time at all."""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """``kind`` says what it looks like: a phase or a status."""

    kind: str
    x: float
    width: float
    run_id: int = 0


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One object type of a run, with its phases one after another."""

    item: ObjectProgress
    bars: tuple[Bar, ...]


class Axis(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time on the drawing's width."""

    begin: datetime
    end: datetime

    def at(self, moment: datetime) -> float:
        """Where a moment is; what is outside is at the edge."""
        whole = (self.end - self.begin).total_seconds()
        share = (moment - self.begin).total_seconds() / whole if whole > 0 else 0.0
        return round(min(1.0, max(0.0, share)) * WIDTH, 1)

    def bar(self, kind: str, begin: datetime, end: datetime, run_id: int = 0) -> Bar:
        """From one moment to the other, never too thin to be seen, never over the edge."""
        x = min(self.at(begin), WIDTH - _LEAST)
        return Bar(kind=kind, x=x, width=max(_LEAST, round(self.at(end) - x, 1)), run_id=run_id)


def lanes(story: RunStory, now: datetime) -> tuple[Lane, ...]:
    """One lane per object type that the run has begun with, over the run's time so far."""
    run = story.run
    axis = Axis(begin=run.started_at or run.created_at, end=run.ended_at or now)
    return tuple(Lane(item=item, bars=_phases(story, item, axis)) for item in run.objects if item.started_at)


def _phases(story: RunStory, item: ObjectProgress, axis: Axis) -> tuple[Bar, ...]:
    marks = [
        (event.at, str(event.detail.get("phase", "")))
        for event in story.events
        if event.kind == "phase" and event.object_type == item.object_type
    ]
    begin, end = item.started_at or axis.begin, item.ended_at or axis.end
    marks = [(begin, "definitions"), *marks]
    ends = [moment for moment, _ in marks[1:]] + [end]
    return tuple(
        axis.bar(kind, moment, until) for (moment, kind), until in zip(marks, ends, strict=True) if until >= moment
    )


def strip(runs: Sequence[RunGlance], begin: datetime, end: datetime) -> tuple[Bar, ...]:
    """Runs as they lie over a stretch of time."""
    axis = Axis(begin=begin, end=end)
    return tuple(
        axis.bar(run.status.value, run.started_at or run.created_at, run.ended_at or end, run.id) for run in runs
    )
