"""What a source's schema holds as a slice begins, of all its object types at once: one by one it would be most of what
a run without news asks."""

from collections.abc import Mapping, Sequence

import msgspec

from ontologie.database.pool import Connection
from ontologie.model.checkpoint import Checkpoint
from ontologie.model.schema import ObjectSchema
from ontologie.store import checkpoints, definitions, indexes, rhythms, sweep
from ontologie.store.rhythms import Reading


class Outset(msgspec.Struct, frozen=True, kw_only=True):
    """As it was before the slice changed anything. Whoever holds the source's lease is alone in changing it."""

    schemas: Mapping[str, ObjectSchema]
    """To load with, by object type; those whose table was never made are not there."""
    checkpoints: Mapping[str, Checkpoint]
    readings: Mapping[str, Reading]
    left_open: frozenset[str]
    """Object types that an earlier reading has left something open of: see :func:`ontologie.store.sweep.left_open`."""
    untended: frozenset[str]
    """Object types whose indexes or estimates are not as they should be."""


async def read_outset(connection: Connection, schema_name: str, object_types: Sequence[str]) -> Outset:
    """What there is of these object types."""
    stored = await definitions.stored_of_each(connection, schema_name, object_types)
    shown = {name: schema for name, item in stored.items() if (schema := item.shown())}
    return Outset(
        schemas={name: schema for name, item in stored.items() if (schema := item.loading())},
        checkpoints=await checkpoints.read_checkpoints(connection, schema_name, object_types),
        readings=await rhythms.readings(connection, schema_name),
        left_open=await sweep.open_types(connection, schema_name),
        untended=await indexes.untended(connection, schema_name, shown),
    )
