"""Pipelines, owners and labels within a run: read on their rhythm, or when a record tells that they have changed."""

from ontologie.database import sources
from ontologie.store import reference, rhythms
from ontologie.sync.work import Slice

_RHYTHM = "reference"


async def read_when_due(slice_: Slice) -> None:
    """Read them when they were not read for as long as definitions keep, or a full check asks for it."""
    async with slice_.pool.connection() as connection:
        read_at = await rhythms.last(connection, slice_.source.schema_name, _RHYTHM)
    asked = slice_.run.options.check or slice_.run.options.full
    if read_at is None or abs(slice_.clock.now() - read_at) >= slice_.upkeep.definitions or asked:
        await _read(slice_)


async def read_new_stages(slice_: Slice) -> None:
    """A record in a stage that we do not know: pipelines have changed, whatever their rhythm says."""
    name = slice_.source.schema_name
    async with slice_.pool.connection() as connection:
        read_at = await rhythms.last(connection, name, _RHYTHM)
        unknown = read_at is not None and await reference.unknown_stages(connection, name, read_at)
    if unknown:
        await _read(slice_)


async def _read(slice_: Slice) -> None:
    name, now = slice_.source.schema_name, slice_.clock.now()
    data = await slice_.session.reference_data(slice_.work.object_types())
    async with slice_.pool.connection() as connection:
        await reference.write_reference_data(connection, name, data, slice_.epoch)
        if data.called:
            await sources.learn_called(connection, slice_.source.id, data.called)
        await rhythms.mark(connection, name, _RHYTHM, now)
