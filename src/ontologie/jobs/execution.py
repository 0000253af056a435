"""Carrying a run on by one slice, and noting what comes next for its source."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
import structlog

from ontologie.clock import Clock
from ontologie.connectors.contract import Connector, SessionTerms
from ontologie.database import runs, sources
from ontologie.database.credentials import SourceCredentials
from ontologie.database.pool import Pool
from ontologie.database.vault import Vault
from ontologie.errors import OntologieError, OperatorError
from ontologie.model.frequency import MANUAL, next_run
from ontologie.model.run import Run, RunStatus
from ontologie.model.source import Source
from ontologie.sync.engine import EngineSettings, Outcome, Work, run_slice, status_of

_FIRST_RETRY = timedelta(minutes=1)
_LONGEST_RETRY = timedelta(hours=1)

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
        terms: SessionTerms,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._vault = vault
        self._connectors = connectors
        self._settings = settings
        self._terms = terms

    async def advance(self, run_id: int, *, owner: str, slice_: timedelta | None) -> RunStatus:
        """Work on the run for one slice; its status then. A run that has already ended stays as it is.

        Raises LeaseLost when another worker has the source.
        """
        async with self._pool.connection() as connection:
            await runs.begin(connection, run_id, self._clock.now())
            run = await runs.by_id(connection, run_id)
            source = await sources.by_id(connection, run.source_id) if run else None
        if run is None or source is None:
            return RunStatus.CANCELLED  # removed meanwhile
        if not run.status.open:
            return run.status
        outcome = await self._slice(run, source, owner, slice_)
        if outcome.status is not RunStatus.RUNNING:
            await self._finish(run, source, outcome)
        return outcome.status

    async def _slice(self, run: Run, source: Source, owner: str, slice_: timedelta | None) -> Outcome:
        try:
            keeper = SourceCredentials(self._pool, self._vault, source.id)
            connector = self._connectors[source.connector]
            async with connector.open(api_url=source.api_url, credentials=keeper, terms=self._terms) as session:
                work = Work(run=run, source=source, connector=connector, session=session, owner=owner, slice=slice_)
                return await run_slice(self._pool, self._clock, self._settings, work)
        except OperatorError as error:
            return Outcome(status=RunStatus.ACTION_REQUIRED, diagnosis_code=error.code, diagnosis_params=error.params)
        except OntologieError as error:
            if error.code == "LEASE_LOST":
                raise
            log.warning("run_failed", run_id=run.id, code=error.code, detail=str(error))
            return Outcome(
                status=RunStatus(status_of(error).value), diagnosis_code=error.code, diagnosis_params=error.params
            )

    async def _finish(self, run: Run, source: Source, outcome: Outcome) -> None:
        now = self._clock.now()
        failures = source.failures + 1 if outcome.status is RunStatus.ERROR else 0
        ended = msgspec.structs.replace(
            run, diagnosis_code=outcome.diagnosis_code, diagnosis_params=outcome.diagnosis_params
        )
        async with self._pool.connection() as connection, connection.transaction():
            await runs.finish(connection, ended, outcome.status, now)
            due = None if source.paused else due_after(source, outcome.status, now=now, failures=failures)
            await sources.after_run(connection, source.id, next_run_at=due, failures=failures)
            await runs.notify(connection, source.id)
        log.info("run_ended", run_id=run.id, source=source.name, status=outcome.status.value)


def due_after(source: Source, status: RunStatus, *, now: datetime, failures: int) -> datetime | None:
    """When the source's next run is due after one that ended so. None: only when someone asks for it.

    Partial goes on at once; an error is tried again after growing waits, never later than the frequency says.
    """
    if source.frequency == MANUAL:
        return None
    time_zone = source.account.time_zone if source.account else "UTC"
    regular = next_run(source.frequency, now=now, spread=spread_of(source.id), time_zone=time_zone)
    if regular is None:
        return None
    if status is RunStatus.PARTIAL:
        return now
    if status is RunStatus.ERROR:
        wait: timedelta = min(_FIRST_RETRY * 2 ** min(failures - 1, 10), _LONGEST_RETRY)
        return min(regular, now + wait * (0.5 + random.random() / 2))
    return regular


def spread_of(source_id: int) -> float:
    """Where in its interval a source runs (0 to 1): golden-ratio steps keep any number of sources evenly apart."""
    return source_id * 0.618033988749895 % 1.0
