"""What changed in a source's properties, seen and acknowledged."""

from collections.abc import Sequence

from ontologie.database.migrate import READER
from ontologie.model.user import Role
from ontologie.services import sources
from ontologie.services.context import Context
from ontologie.store import drift, tables
from ontologie.store.drift import Entry

__all__ = ["Entry", "acknowledge", "changes"]


async def changes(context: Context, source_name: str, *, everything: bool = False) -> list[Entry]:
    """What nobody has acknowledged, or everything, newest first. Raises UsageError (SOURCE_UNKNOWN)."""
    context.require(Role.VIEWER)
    source = await sources.find(context, source_name)
    async with context.pool.connection() as connection:
        if not await tables.schema_exists(connection, source.schema_name):
            return []
        await tables.ensure_source_schema(connection, source.schema_name, READER)
        return await drift.entries(connection, source.schema_name, everything=everything)


async def acknowledge(context: Context, source_name: str, ids: Sequence[int] | None) -> int:
    """Say that these (None: all) were seen; how many had not been. Raises UsageError, PermissionMissing."""
    context.require(Role.EDITOR)
    source = await sources.find(context, source_name)
    async with context.pool.connection() as connection:
        if not await tables.schema_exists(connection, source.schema_name):
            return 0
        await tables.ensure_source_schema(connection, source.schema_name, READER)
        return await drift.acknowledge(
            connection,
            source.schema_name,
            None if ids is None else list(ids),
            by=context.actor.name,
            at=context.clock.now(),
        )
