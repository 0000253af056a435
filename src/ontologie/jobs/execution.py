"""Carrying a run on by one slice."""

import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta

import msgspec
import structlog

from ontologie import metrics, tasks
from ontologie.clock import Clock
from ontologie.connectors.contract import Connector
from ontologie.database import claims, runs, sources
from ontologie.database.credentials import SourceCredentials
from ontologie.database.pool import LEAVING_PATIENCE_S, Connection, Pool
from ontologie.database.vault import Vault
from ontologie.errors import LeaseLost, OntologieError, RetryLater, StoreUnreachable
from ontologie.jobs.ending import Ending
from ontologie.model.run import Run, RunStatus
from ontologie.model.source import Source
from ontologie.sync.engine import EngineSettings, Outcome, failed, run_slice
from ontologie.sync.interruption import Interruption, Stop
from ontologie.sync.work import Work
from ontologie.tracing import span

_CANCEL_PATIENCE = timedelta(seconds=0.7)
_LEAVE_PATIENCE = timedelta(seconds=5)

log = structlog.get_logger(__name__)


class Execution:
    """Executes runs in this process, for a worker or for the foreground command alike."""

    def __init__(
        self,
        pool: Pool,
        clock: Clock,
        vault: Vault,
        connectors: Mapping[str, Connector],
        *,
        settings: EngineSettings,
        ending: Ending,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._vault = vault
        self._connectors = connectors
        self._settings = settings
        self.ending = ending
        self._working: dict[int, Interruption] = {}
        self._leaving = False
        self.held = False
        """No slice begins, and none goes on past its next commit: the disk is nearly full."""

    @property
    def working(self) -> int:
        """How many runs this process works on now."""
        return len(self._working)

    async def advance(self, run_id: int, *, owner: str, slice_: timedelta | None) -> RunStatus:
        """Work on the run for one slice; its status then. A run that has already ended stays as it is.

        Raises LeaseLost when another run has the portal or another worker the source, StoreUnreachable when the
        database is away: the run stays open, and is found again.
        """
        async with self._pool.connection() as connection:
            run = await runs.by_id(connection, run_id)
            source = await sources.by_id(connection, run.source_id) if run else None
        if run is None or source is None:
            return RunStatus.CANCELLED  # removed meanwhile
        if not run.status.open:
            return run.status
        with _told_apart(run, source):
            async with self._claimed(source, run, owner) as interruption:
                with (
                    span("slice", run_id=run.id, source=source.name),
                    metrics.SLICE_SECONDS.time(),
                    metrics.SLICES.track_inprogress(),
                ):
                    return await self._advance(run, source, owner, slice_, interruption)

    def leave(self) -> None:
        """This process ends: every slice stops at its next commit, new ones at once."""
        self._leaving = True
        self._pool.timeout = LEAVING_PATIENCE_S
        for interruption in self._working.values():
            interruption.ask(Stop.SLICE_OVER, patience=_LEAVE_PATIENCE)

    def hold(self) -> None:
        """Stop every slice at its next commit, and begin none until :meth:`go_on`. The runs stay open."""
        self.held = True
        for interruption in self._working.values():
            interruption.ask(Stop.SLICE_OVER, patience=_LEAVE_PATIENCE)

    def go_on(self) -> None:
        """There is room again."""
        self.held = False

    async def obey(self) -> None:
        """Stop what users have cancelled, paused or removed."""
        async with self._pool.connection() as connection:
            stopped = await runs.stopped_by_users(connection, list(self._working)) if self._working else []
            for run in await runs.cancelled_unclaimed(connection):
                await self.end_cancelled(connection, run)
        for run_id in stopped:
            if run_id in self._working:
                self._working[run_id].ask(Stop.CANCELLED, patience=_CANCEL_PATIENCE)

    async def end_cancelled(self, connection: Connection, run: Run) -> None:
        """End a cancelled run that nobody works on."""
        source = await sources.by_id(connection, run.source_id)
        if source is not None:
            outcome = Outcome(status=RunStatus.CANCELLED)
            with _told_apart(run, source):
                await self.ending.end(connection, source, run, outcome, now=self._clock.now())

    async def _advance(
        self, run: Run, source: Source, owner: str, slice_: timedelta | None, interruption: Interruption
    ) -> RunStatus:
        now = self._clock.now()
        async with self._pool.connection() as connection:
            if not await runs.begin(connection, run.id, now):
                return RunStatus.CANCELLED
        run = msgspec.structs.replace(run, started_at=run.started_at or now)
        outcome = await self._slice(run, source, owner, slice_, interruption)
        if outcome.status is not RunStatus.RUNNING:
            async with self._pool.connection() as connection:
                # As it is now: paused or given another frequency while we worked.
                now_source = await sources.by_id(connection, source.id)
                if now_source is not None:
                    await self.ending.end(connection, now_source, run, outcome, now=self._clock.now())
        return outcome.status

    @contextlib.asynccontextmanager
    async def _claimed(self, source: Source, run: Run, owner: str) -> AsyncIterator[Interruption]:
        """The portal is this run's, and its interruption is known to :meth:`obey` and :meth:`leave`."""
        if run.id in self._working:
            raise LeaseLost(f"run {run.id} is worked on in this process")
        ttl = self._settings.lease
        interruption = self._working[run.id] = Interruption()
        claim = None
        try:
            async with self._pool.connection() as connection:
                claim = await claims.take(connection, source.id, run.id, owner=owner, ttl=ttl)
            if claim is None:
                raise LeaseLost(f"the portal of {source.name} is busy")
            if self._leaving:
                interruption.ask(Stop.SLICE_OVER, patience=timedelta(0))
            async with tasks.beside(self._renew(claim, ttl, interruption)):
                yield interruption
        finally:
            del self._working[run.id]
            if claim is not None:
                await self._release(claim)

    async def _renew(self, claim: claims.Claim, ttl: timedelta, interruption: Interruption) -> None:
        while True:
            await self._clock.sleep(ttl / 3)
            with contextlib.suppress(RetryLater):  # it may be back before the claim runs out
                async with self._pool.connection() as connection:
                    if not await claims.renew(connection, claim, ttl=ttl):
                        log.warning("portal_taken_over")
                        interruption.ask(Stop.SLICE_OVER, patience=timedelta(0))
                        return

    async def _release(self, claim: claims.Claim) -> None:
        with contextlib.suppress(StoreUnreachable):  # then it runs out by itself
            async with self._pool.connection() as connection:
                await claims.release(connection, claim)

    async def _slice(
        self, run: Run, source: Source, owner: str, slice_: timedelta | None, interruption: Interruption
    ) -> Outcome:
        try:
            keeper = SourceCredentials(self._pool, self._vault, source.id)
            connector = self._connectors[source.connector]
            terms = self._settings.terms
            async with connector.open(api_url=source.api_url, credentials=keeper, terms=terms) as session:
                work = Work(
                    run=run,
                    source=source,
                    connector=connector,
                    session=session,
                    owner=owner,
                    slice=slice_,
                    interruption=interruption,
                )
                return await run_slice(self._pool, self._clock, self._settings, work)
        except (LeaseLost, StoreUnreachable):
            raise
        except OntologieError as error:
            return failed(source, error)


@contextlib.contextmanager
def _told_apart(run: Run, source: Source) -> Iterator[None]:
    """Every line of the log and every count inside says which run and which source it is about."""
    token = metrics.source_name.set(source.name)
    try:
        with structlog.contextvars.bound_contextvars(run_id=run.id, source_id=source.id, source=source.name):
            yield
    except (LeaseLost, StoreUnreachable) as error:  # who hears of it tells it outside
        error.params |= {"source_id": source.id, "source": source.name}
        raise
    finally:
        metrics.source_name.reset(token)
