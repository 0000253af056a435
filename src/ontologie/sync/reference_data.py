"""Pipelines, owners and labels within a run: read on their rhythm, or when a record tells that they have changed."""

from datetime import datetime

from ontologie.database.pool import Pool
from ontologie.store import reference, rhythms
from ontologie.sync.upkeep import Upkeep
from ontologie.sync.work import Work

_RHYTHM = "reference"


async def read_when_due(pool: Pool, work: Work, upkeep: Upkeep, epoch: int, *, now: datetime) -> None:
    """Read them when they were not read for as long as definitions keep, or a full check asks for it."""
    async with pool.connection() as connection:
        read_at = await rhythms.last(connection, work.source.schema_name, _RHYTHM)
    asked = work.run.options.check or work.run.options.full
    if read_at is None or now - read_at >= upkeep.definitions or asked:
        await _read(pool, work, epoch, now)


async def read_new_stages(pool: Pool, work: Work, epoch: int, *, now: datetime) -> None:
    """A record in a stage that we do not know: pipelines have changed, whatever their rhythm says."""
    name = work.source.schema_name
    async with pool.connection() as connection:
        read_at = await rhythms.last(connection, name, _RHYTHM)
        unknown = read_at is not None and await reference.unknown_stages(connection, name, read_at)
    if unknown:
        await _read(pool, work, epoch, now)


async def _read(pool: Pool, work: Work, epoch: int, now: datetime) -> None:
    name = work.source.schema_name
    data = await work.session.reference_data(work.object_types())
    async with pool.connection() as connection:
        await reference.write_reference_data(connection, name, data, epoch)
        await rhythms.mark(connection, name, _RHYTHM, now)
