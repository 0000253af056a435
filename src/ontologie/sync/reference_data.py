"""Pipelines, owners and labels within a run: read on their rhythm, or when a record tells that they have changed."""

from datetime import datetime

from ontologie.database import sources
from ontologie.store import reference, rhythms
from ontologie.store.outset import Outset
from ontologie.sync.work import Slice

_RHYTHM = "reference"


async def read_when_due(slice_: Slice, outset: Outset) -> datetime:
    """Read them when they were not read for as long as definitions keep, or a full check asks for it. When they were
    read last then."""
    last = outset.readings.get(_RHYTHM)
    asked = slice_.run.options.check or slice_.run.options.full
    if last is None or abs(slice_.clock.now() - last.at) >= slice_.upkeep.definitions or asked:
        return await _read(slice_)
    return last.at


async def read_what_is_new(slice_: Slice, outset: Outset, *, since: datetime, linked_anew: bool) -> None:
    """Read them, whatever their rhythm says: a record is in a stage that we do not know, or links were asked for whose
    labels were not. They were read last at ``since``."""
    last = outset.readings.get(_RHYTHM)
    new = linked_anew and last is not None and last.at == since
    stored = any(item.counts.inserted or item.counts.updated for item in slice_.progress.objects())
    if stored and not new:  # without news the deals would be looked through in each run
        async with slice_.pool.connection() as connection:
            new = await reference.unknown_stages(connection, slice_.source.schema_name, since)
    if new:
        await _read(slice_)


async def _read(slice_: Slice) -> datetime:
    name, now = slice_.source.schema_name, slice_.clock.now()
    data = await slice_.session.reference_data(slice_.work.object_types())
    async with slice_.pool.connection() as connection:
        await reference.write_reference_data(connection, name, data, slice_.epoch)
        if data.called:
            await sources.learn_called(connection, slice_.source.id, data.called)
        await rhythms.mark(connection, name, _RHYTHM, now)
    return now
