"""All sources at a glance: how fresh they are, the runs of the last day, what they cost, how much room is left."""

import shutil
from datetime import datetime, timedelta

import msgspec

from ontologie.database import runs
from ontologie.model.run import RunGlance, RunStatus
from ontologie.services import streams
from ontologie.services.context import Context
from ontologie.services.streams import ObjectOverview, SourceOverview
from ontologie.store import sizes

WINDOW = timedelta(hours=24)


class Disk(msgspec.Struct, frozen=True, kw_only=True):
    """The file system of the data folder, in bytes."""

    total_bytes: int
    free_bytes: int


class SourceGlance(msgspec.Struct, frozen=True, kw_only=True):
    """One source over the last day."""

    source: SourceOverview
    runs: tuple[RunGlance, ...]
    """Those that were open within the day, in order."""
    size_bytes: int
    """Its schema in PostgreSQL, with indexes."""

    @property
    def fresh_at(self) -> datetime | None:
        """Before that moment all of its streams were in the store; None until each has been synced."""
        return streams.oldest([stream.last_synced_at for stream in self.source.streams])

    @property
    def requests(self) -> int:
        return sum(run.requests for run in self.runs)

    @property
    def refusals(self) -> int:
        return sum(run.refusals for run in self.runs)

    @property
    def failed(self) -> int:
        """Runs that ended with an error or wait for the user."""
        return sum(run.status in (RunStatus.ERROR, RunStatus.ACTION_REQUIRED) for run in self.runs)

    @property
    def checked(self) -> int | None:
        """How many records the last full checks counted here, over all streams; None until each has had one."""
        if not all(stream.checked_at for stream in self.source.streams):
            return None
        return sum(stream.checked_ours or 0 for stream in self.source.streams)

    @property
    def unequal(self) -> tuple[ObjectOverview, ...]:
        """The object types of which HubSpot counted more, or fewer."""
        return tuple(item for stream in self.source.streams for item in stream.unequal)

    @property
    def checked_at(self) -> datetime | None:
        """When the oldest of those full checks ended."""
        return min((stream.checked_at for stream in self.source.streams if stream.checked_at), default=None)


class Glance(msgspec.Struct, frozen=True, kw_only=True):
    """The whole installation over the last day."""

    since: datetime
    until: datetime
    sources: tuple[SourceGlance, ...]
    database_bytes: int
    disk: Disk | None
    """None where PostgreSQL is not on this machine."""


async def glance(context: Context) -> Glance:
    """How everything is, and how the last 24 hours went; the sources in trouble first."""
    now = context.clock.now()
    found = streams.troubled_first(await streams.overview(context))
    async with context.pool.connection() as connection:
        of_day = await runs.since(connection, now - WINDOW)
        bytes_of = await sizes.by_schema(connection)
        database_bytes = await sizes.database(connection)
    return Glance(
        since=now - WINDOW,
        until=now,
        sources=tuple(
            SourceGlance(
                source=source,
                runs=tuple(run for run in of_day if run.source_id == source.id),
                size_bytes=bytes_of.get(source.schema_name, 0),
            )
            for source in found
        ),
        database_bytes=database_bytes,
        disk=disk(context),
    )


def disk(context: Context) -> Disk | None:
    """Of the embedded database; None where the database is elsewhere."""
    if context.home is None:
        return None
    usage = shutil.disk_usage(context.home)
    return Disk(total_bytes=usage.total, free_bytes=usage.free)
