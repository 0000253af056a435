"""Which segments are due. Pure: the checkpoint and the clock decide.

A checkpoint may be of a clock that was fast: what was read in the future puts nothing off, and is read again.
"""

from datetime import datetime, timedelta

import msgspec

from ontologie.connectors.contract import SessionTerms
from ontologie.model.checkpoint import Checkpoint, Segment, SegmentKind

_FRESHNESS = timedelta(seconds=60)
"""While a backfill goes on, changes are read when the last look is older than this."""


def plan(checkpoint: Checkpoint, terms: SessionTerms, *, now: datetime, check: bool, full: bool) -> tuple[Segment, ...]:
    """Changes before archived before backfill before sweep; unfinished ones go on from their position."""
    backfill = checkpoint.segment("backfill")
    begun = Segment(kind=SegmentKind.BACKFILL, key="backfill", window_from=now)
    if backfill is None and not check:
        return (begun,)  # the first sync is for live records; the deleted ones follow on their rhythm
    if backfill is None or full:
        checking = _sweep(checkpoint, terms, now, asked=True) if check else ()
        return (*_archived(checkpoint, terms, now, asked=True), begun, *checking)
    segments = [*_changes(checkpoint, terms, now, backfill)]
    if backfill.done:
        segments += _second_look(checkpoint, terms, now, backfill)
        segments += _archived(checkpoint, terms, now, asked=check)
        segments += _sweep(checkpoint, terms, now, asked=check)
    else:
        sweep = checkpoint.segment("sweep")
        segments.append(backfill)
        segments += _sweep(checkpoint, terms, now, asked=check) if check or (sweep and not sweep.done) else ()
    return tuple(segments)


def _changes(checkpoint: Checkpoint, terms: SessionTerms, now: datetime, backfill: Segment) -> tuple[Segment, ...]:
    last = checkpoint.segment("changes")
    if last is not None and not last.done:
        return (last,)
    seen_until = last.window_to if last and last.window_to else backfill.window_from
    if not backfill.done and abs(now - seen_until) < _FRESHNESS:
        return ()
    return (_window("changes", min(seen_until, now) - terms.overlap, now),)


def _second_look(checkpoint: Checkpoint, terms: SessionTerms, now: datetime, backfill: Segment) -> tuple[Segment, ...]:
    """Read once more what search may have shown late: from the last second look to an hour ago. The first one reaches
    as far back before the backfill, which searches too."""
    last = checkpoint.segment("second_look")
    if last is not None and not last.done:
        return (last,)
    seen_until = last.window_to if last and last.window_to else backfill.window_from - terms.second_look_lag
    until = now - terms.second_look_lag
    if until - seen_until < terms.second_look_every:
        return ()
    return (_window("second_look", seen_until, until),)


def _archived(checkpoint: Checkpoint, terms: SessionTerms, now: datetime, *, asked: bool) -> tuple[Segment, ...]:
    last = checkpoint.segment("archived")
    if last is not None and not last.done:
        return (last,)
    if last is not None and not asked and abs(now - last.window_from) < terms.archived_every:
        return ()
    return (Segment(kind=SegmentKind.ARCHIVED, key="archived", window_from=now),)


def _sweep(checkpoint: Checkpoint, terms: SessionTerms, now: datetime, *, asked: bool) -> tuple[Segment, ...]:
    last = checkpoint.segment("sweep")
    if last is not None and not last.done and not asked:
        return (last,)
    before = last or checkpoint.segment("backfill")  # a backfill again sees no deletion
    if not asked and before is not None and abs(now - before.window_from) < terms.check_every:
        return ()
    return (Segment(kind=SegmentKind.SWEEP, key="sweep", window_from=now),)


def _window(key: str, start: datetime, end: datetime) -> Segment:
    return Segment(kind=SegmentKind.CHANGES, key=key, window_from=_whole(start), window_to=_whole(end))


def _whole(moment: datetime) -> datetime:
    """Searches honour milliseconds only."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def finished(segment: Segment) -> Segment:
    """The segment once all of it is stored."""
    return msgspec.structs.replace(segment, position={}, done=True)
