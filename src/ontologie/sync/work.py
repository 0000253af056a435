"""What a run works on, and what the parts of one of its slices share."""

from datetime import timedelta

import msgspec

from ontologie.clock import Clock
from ontologie.connectors.contract import Connector, Session
from ontologie.database.pool import Pool
from ontologie.model.run import Run
from ontologie.model.source import Source
from ontologie.model.stream import Stream
from ontologie.sync.interruption import Interruption
from ontologie.sync.progress import RunProgress
from ontologie.sync.upkeep import Upkeep


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """A run with all it needs: its source, the connector and an open session."""

    run: Run
    source: Source
    connector: Connector
    session: Session
    owner: str
    """Who holds the lease: unique to this process."""
    interruption: Interruption
    slice: timedelta | None = None
    """None: to the end."""

    def streams(self) -> list[Stream]:
        """The streams this run reads: the source's, or those of them that were asked of the run."""
        wanted = self.run.options.streams or self.source.streams
        return [stream for stream in self.connector.find_streams(self.source.streams) if stream.name in wanted]

    def object_types(self) -> list[str]:
        """All object types of the source's streams, whatever this run reads."""
        return [name for stream in self.connector.find_streams(self.source.streams) for name in stream.object_types]


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of work on a run, under one lease."""

    pool: Pool
    clock: Clock
    work: Work
    upkeep: Upkeep
    progress: RunProgress
    epoch: int
    """The lease's; every store is checked against it."""
    deadline: float | None
    """In the clock's monotonic seconds. None: no end."""

    @property
    def source(self) -> Source:
        return self.work.source

    @property
    def run(self) -> Run:
        return self.work.run

    @property
    def session(self) -> Session:
        return self.work.session
