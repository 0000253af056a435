"""What each stream says of itself: the last word of its object types, and the open run's where there is one."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta

import msgspec

from ontologie.database import pool, runs, sources
from ontologie.database.sources import ObjectState
from ontologie.model.reference import Account
from ontologie.model.run import BudgetUse, ObjectProgress, Run, RunStatus, StreamChange
from ontologie.model.source import DailyQuota, Source
from ontologie.model.stream import Stream, StreamStatus
from ontologie.services.context import Context

SHOWN_RUNS = 24
"""How many runs back :func:`recent_changes` goes."""
_ENOUGH = timedelta(seconds=1)
"""Less tells nothing of a pace."""
_TROUBLES = (StreamStatus.ACTION_REQUIRED, StreamStatus.ERROR)


class ObjectOverview(ObjectState, frozen=True, kw_only=True):
    """One object type: its last word, the open run's where there is one, which ``read`` and ``expected`` belong to."""

    read: int | None = None
    expected: int | None = None

    @property
    def unequal(self) -> bool:
        """The last full check did not count the same on both sides."""
        return self.checked_theirs is not None and self.checked_ours != self.checked_theirs

    @property
    def held(self) -> int | None:
        """Live rows in the store; while the run that brings the first of them is open, those it has read."""
        return self.read if self.records is None else self.records


class StreamOverview(msgspec.Struct, frozen=True, kw_only=True):
    """One stream: the worst status of its object types, and their sums."""

    name: str
    objects: tuple[ObjectOverview, ...]

    @property
    def status(self) -> StreamStatus:
        return StreamStatus.worst([item.status for item in self.objects])

    @property
    def records(self) -> int | None:
        return _sum([item.held for item in self.objects])

    @property
    def read(self) -> int | None:
        return _sum([item.read for item in self.objects])

    @property
    def expected(self) -> int | None:
        """Known once every object type's is: a sum of some would promise an end too early."""
        known = [item.expected for item in self.objects]
        return None if None in known else _sum(known)

    @property
    def checked_at(self) -> datetime | None:
        """The oldest full check of its object types; None until each has had one."""
        return oldest([item.checked_at for item in self.objects])

    @property
    def checked_ours(self) -> int | None:
        return _sum([item.checked_ours for item in self.objects])

    @property
    def checked_theirs(self) -> int | None:
        return _sum([item.checked_theirs for item in self.objects])

    @property
    def unequal(self) -> tuple[ObjectOverview, ...]:
        """Type by type: one that has too many and one that has too few are not right together."""
        return tuple(item for item in self.objects if item.unequal)

    @property
    def last_synced_at(self) -> datetime | None:
        """The oldest of its object types': before that moment all of the stream was in the store."""
        return oldest([item.last_synced_at for item in self.objects])

    @property
    def problem(self) -> ObjectOverview | None:
        """The object type whose diagnosis the stream shows: the worst one that has any."""
        worst_first = sorted(self.objects, key=lambda item: list(StreamStatus).index(item.status), reverse=True)
        return next((item for item in worst_first if item.diagnosis_code), None)


class RunOverview(msgspec.Struct, frozen=True, kw_only=True):
    """The open run of a source: how far it is and what it takes of the request budgets."""

    id: int
    started_at: datetime | None
    read: int
    expected: int | None
    """Known once every object type's is."""
    budgets: tuple[BudgetUse, ...]

    def time_left(self, now: datetime) -> timedelta | None:
        """At the pace so far; None while nothing can be said."""
        if self.expected is None or not 0 < self.read <= self.expected or self._elapsed(now) < _ENOUGH:
            return None
        return self._elapsed(now) * ((self.expected - self.read) / self.read)

    def _elapsed(self, now: datetime) -> timedelta:
        return now - self.started_at if self.started_at else timedelta()


class SourceOverview(msgspec.Struct, frozen=True, kw_only=True):
    """One source with its streams."""

    id: int
    name: str
    connector: str
    account: Account | None
    streams: tuple[StreamOverview, ...]
    frequency: str
    paused: bool
    next_run_at: datetime | None
    simulated: bool
    schema_name: str
    hard_delete: bool
    """Rows of deleted records are removed instead of marked."""
    open_run: RunOverview | None
    quota: DailyQuota | None = None
    """What the account told last of its day; None where it does not tell."""
    diagnosis_code: str | None = None
    """What stopped the last run as a whole, where that is worse than any stream."""
    diagnosis_params: dict[str, str | int] = {}
    stopped: StreamStatus = StreamStatus.SYNCED
    """What that says of the source: that it is retried, failed, or waits for somebody."""

    @property
    def health(self) -> StreamStatus:
        """The worst status of its streams, or what stopped the last run as a whole; paused where nothing is worse."""
        return StreamStatus.worst([self.stopped, *(stream.status for stream in self.streams)])

    @property
    def in_trouble(self) -> bool:
        """Somebody should look at it."""
        return self.health in _TROUBLES


def troubled_first(found: Iterable[SourceOverview]) -> tuple[SourceOverview, ...]:
    """Those that wait for somebody, those that fail, then the others; each of these as they came."""
    places = {status: place for place, status in enumerate(_TROUBLES)}
    return tuple(sorted(found, key=lambda source: places.get(source.health, len(places))))


async def overview(context: Context) -> tuple[SourceOverview, ...]:
    """Every source with the state of its streams, by name."""
    async with context.pool.connection() as connection:
        states = await sources.object_states(connection)
        last = await runs.latest_of_each(connection)
        quotas = await sources.quotas(connection)
        return tuple(
            msgspec.structs.replace(
                _source(context, source, last.get(source.id), states), quota=quotas.get(source.id)
            )
            for source in await sources.every(connection)
        )


async def recent_changes(context: Context) -> dict[tuple[int, str], tuple[StreamChange, ...]]:
    """What the last runs changed, by (source id, stream), the oldest first."""
    found: dict[tuple[int, str], list[StreamChange]] = {}
    async with context.pool.connection() as connection:
        for change in await runs.recent_changes(connection, SHOWN_RUNS):
            found.setdefault((change.source_id, change.stream), []).append(change)
    return {key: tuple(changes) for key, changes in found.items()}


async def changes(context: Context) -> AsyncIterator[int]:
    """The ids of sources as they move, until the caller stops. Raises StoreUnreachable, OperatorError."""
    connection = await pool.connect(context.database_url)
    try:
        with pool.translated():
            await connection.execute("LISTEN ontologie_progress")
            async for notification in connection.notifies():
                yield int(notification.payload)
    finally:
        await connection.close()


def _source(
    context: Context, source: Source, last: Run | None, states: dict[tuple[int, str], ObjectState]
) -> SourceOverview:
    connector = context.connectors[source.connector]
    progress = {item.object_type: item for item in last.objects} if last and last.status.open else {}
    retried = source.retries_by_itself(context.failures_before_alarm)
    streams = tuple(
        _stream(source, stream, states, progress, retried=retried)
        for stream in connector.find_streams(source.streams)
    )
    whole = last if last and _stopped_as_a_whole(last) else None
    return SourceOverview(
        id=source.id,
        name=source.name,
        connector=source.connector,
        account=source.account,
        streams=streams,
        frequency=source.frequency,
        paused=source.paused,
        next_run_at=source.next_run_at,
        simulated=source.simulated,
        schema_name=source.schema_name,
        hard_delete=source.hard_delete,
        open_run=_open_run(last),
        diagnosis_code=whole.diagnosis_code if whole else None,
        diagnosis_params=whole.diagnosis_params if whole else {},
        stopped=_stopped(whole, retried=retried),
    )


def _stopped_as_a_whole(run: Run) -> bool:
    """What ended it is none of its object types' own trouble: it met it before, between or after reading them."""
    return run.diagnosis_code not in (None, *(item.diagnosis_code for item in run.objects))


def _stopped(run: Run | None, *, retried: bool) -> StreamStatus:
    """What a run that stopped as a whole says of its source."""
    if run is not None and run.status is RunStatus.ACTION_REQUIRED:
        return StreamStatus.ACTION_REQUIRED
    if run is not None and run.status is RunStatus.ERROR:
        return StreamStatus.RETRYING if retried else StreamStatus.ERROR
    return StreamStatus.SYNCED


def _open_run(last: Run | None) -> RunOverview | None:
    if last is None or not last.status.open:
        return None
    expected = [item.expected for item in last.objects]
    return RunOverview(
        id=last.id,
        started_at=last.started_at,
        read=sum(item.read for item in last.objects),
        expected=_sum(expected) if expected and None not in expected else None,
        budgets=last.budgets,
    )


def _stream(
    source: Source,
    stream: Stream,
    states: dict[tuple[int, str], ObjectState],
    progress: dict[str, ObjectProgress],
    *,
    retried: bool,
) -> StreamOverview:
    objects = []
    for object_type in stream.object_types:
        state = states.get((source.id, object_type)) or ObjectState(
            source_id=source.id, object_type=object_type, status=StreamStatus.PENDING
        )
        objects.append(_object(source, state, progress.get(object_type), retried=retried))
    return StreamOverview(name=stream.name, objects=tuple(objects))


def _object(source: Source, state: ObjectState, now: ObjectProgress | None, *, retried: bool) -> ObjectOverview:
    status = now.status if now else state.status
    if retried and status is StreamStatus.ERROR:
        status = StreamStatus.RETRYING
    if source.paused and status in (StreamStatus.SYNCED, StreamStatus.PENDING):
        status = StreamStatus.PAUSED
    told = now or state
    said = {"status": status, "diagnosis_code": told.diagnosis_code, "diagnosis_params": told.diagnosis_params}
    progress = {"read": now.read, "expected": now.expected} if now else {}
    return ObjectOverview(**{**msgspec.structs.asdict(state), **said, **progress})


def _sum(numbers: list[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def oldest(moments: list[datetime | None]) -> datetime | None:
    """None until each is known."""
    known = [moment for moment in moments if moment is not None]
    return min(known, default=None) if len(known) == len(moments) else None
