"""How a run ends: its status, when its source is due again, and who is told."""

import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from ontologie import metrics
from ontologie.database import runs, sources
from ontologie.database.pool import Connection
from ontologie.errors import OntologieError, QuotaReached
from ontologie.model.frequency import MANUAL, next_day, next_run
from ontologie.model.run import Run, RunEvent, RunStatus
from ontologie.model.source import Source
from ontologie.sync.engine import Outcome

_FIRST_RETRY = timedelta(minutes=1)
_LONGEST_RETRY = timedelta(hours=1)
_QUOTA_REACHED = QuotaReached.default_code
_AFTER_MIDNIGHT = timedelta(minutes=10)
"""Within this time all sources of an account that waits are tried again: its clock need not agree with ours."""
_EVENTS_KEPT = timedelta(days=14)

log = structlog.get_logger(__name__)


class RunEnded(msgspec.Struct, frozen=True, kw_only=True):
    """What those who listen learn of a run that ended."""

    source: Source
    run: Run
    """With its final status and diagnosis."""
    before: RunStatus | None
    """How the source's run before it ended; None for the first."""
    failures: int
    """Runs in a row that ended with an error, this one included."""
    alarm: bool
    """Someone should be told: it needs the user, newly, or has just failed as often as the settings bear."""


Listener = Callable[[Connection, RunEnded], Awaitable[None]]


class Ending:
    """Ends runs. Listeners are called in the transaction that ends the run: once for each, or not at all."""

    def __init__(self, *, failures_before_alarm: int = 3, listeners: Sequence[Listener] = ()) -> None:
        self._failures_before_alarm = failures_before_alarm
        self._listeners = tuple(listeners)

    async def end(self, connection: Connection, source: Source, run: Run, outcome: Outcome, *, now: datetime) -> bool:
        """Note how the run ended and when its source is due again; False when it had ended already."""
        failures = source.failures + 1 if outcome.status is RunStatus.ERROR else 0
        ended = msgspec.structs.replace(
            run,
            status=outcome.status,
            ended_at=now,
            diagnosis_code=outcome.diagnosis_code,
            diagnosis_params=outcome.diagnosis_params,
        )
        async with connection.transaction():
            if not await runs.finish(connection, ended, outcome.status, now):
                return False
            await runs.add_event(connection, run.id, _last_line(outcome, now))
            await runs.forget_events(connection, source.id, before=now - _EVENTS_KEPT)
            due = None if source.paused else due_after(source, outcome, now=now, failures=failures)
            await sources.after_run(connection, source.id, next_run_at=due, failures=failures)
            before = await runs.status_before(connection, run)
            told = RunEnded(
                source=source,
                run=ended,
                before=before,
                failures=failures,
                alarm=self._alarms(outcome.status, before, failures),
            )
            await self._tell(connection, told)
            await runs.notify(connection, source.id)
        metrics.RUNS.labels(source.name, outcome.status.value).inc()
        if run.started_at is not None:
            metrics.RUN_SECONDS.observe((now - run.started_at).total_seconds())
        log.info("run_ended", status=outcome.status.value, code=outcome.diagnosis_code)
        return True

    def _alarms(self, status: RunStatus, before: RunStatus | None, failures: int) -> bool:
        if status is RunStatus.ACTION_REQUIRED:
            return before is not RunStatus.ACTION_REQUIRED
        return status is RunStatus.ERROR and failures == self._failures_before_alarm

    async def _tell(self, connection: Connection, told: RunEnded) -> None:
        """A listener that fails undoes what it wrote, and never the end of the run."""
        for listener in self._listeners:
            try:
                async with connection.transaction():
                    await listener(connection, told)
            except OntologieError as error:
                log.exception("listener_failed", code=error.code)


def _last_line(outcome: Outcome, now: datetime) -> RunEvent:
    detail: dict[str, str | int] = {"status": outcome.status.value}
    if outcome.diagnosis_code is not None:
        detail |= {"code": outcome.diagnosis_code, **outcome.diagnosis_params}
    return RunEvent(at=now, kind="run_ended", detail=detail)


def due_after(source: Source, outcome: Outcome, *, now: datetime, failures: int) -> datetime | None:
    """When the source's next run is due after one that ended so. None: only when someone asks for it.

    Partial goes on at once; an error is tried again after growing waits, never later than the frequency says. Where
    the day's quota is used up, or we were asked to wait, nothing helps before, so no request is wasted on finding out.
    """
    if source.frequency == MANUAL:
        return None
    regular = regular_run(source, now)
    if _QUOTA_REACHED in (outcome.diagnosis_code, *(item.diagnosis_code for item in outcome.objects)):
        return max(filter(None, (regular, _quota_opens(source, now))))
    if regular is None:
        return None
    if outcome.status is RunStatus.PARTIAL:
        regular = now
    if outcome.status is RunStatus.ERROR:
        wait: timedelta = min(_FIRST_RETRY * 2 ** min(failures - 1, 10), _LONGEST_RETRY)
        regular = min(regular, now + wait * (0.5 + random.random() / 2))
    return max(regular, now + _asked_wait(outcome))


def _asked_wait(outcome: Outcome) -> timedelta:
    """How long the account asked us to stay away: a day, perhaps, while it is moved."""
    told = (outcome.diagnosis_params, *(item.diagnosis_params for item in outcome.objects))
    return timedelta(seconds=max(int(params.get("wait_s", 0)) for params in told))


def outcome_of(run: Run) -> Outcome:
    """How a run that has ended did."""
    return Outcome(
        status=run.status,
        objects=run.objects,
        diagnosis_code=run.diagnosis_code,
        diagnosis_params=run.diagnosis_params,
    )


def _quota_opens(source: Source, now: datetime) -> datetime:
    """Midnight in the account's time zone (hubspot-api.md, section 2), each source at a moment of its own after it."""
    midnight = next_day(now=now, time_zone=source.account.time_zone if source.account else "UTC")
    return midnight + _AFTER_MIDNIGHT * (0.1 + spread_of(source.id))


def regular_run(source: Source, now: datetime) -> datetime | None:
    """The next moment of the source's frequency, in its place of the interval."""
    time_zone = source.account.time_zone if source.account else "UTC"
    return next_run(source.frequency, now=now, spread=spread_of(source.id), time_zone=time_zone)


def spread_of(source_id: int) -> float:
    """Where in its interval a source runs (0 to 1): golden-ratio steps keep any number of sources evenly apart."""
    return source_id * 0.618033988749895 % 1.0
