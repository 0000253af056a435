"""Linking streams to the entities of the ontology."""

from collections.abc import Mapping, Sequence

from ontologie.database import entities, runs, sources
from ontologie.errors import UsageError
from ontologie.model.entity import Entity, EntityLink
from ontologie.model.user import Role
from ontologie.ontology import entities as ontology
from ontologie.services.context import Context


async def every(context: Context) -> list[Entity]:
    """All entities, by name."""
    async with context.pool.connection() as connection:
        return await entities.every(connection)


async def links(context: Context) -> list[EntityLink]:
    """Which streams feed which entities."""
    async with context.pool.connection() as connection:
        return await entities.links(connection)


async def link(context: Context, source_name: str, wanted: Mapping[str, Sequence[str]]) -> None:
    """Let each stream named in ``wanted`` feed the entities with these names, and no others.

    A name that is new makes an entity. All or nothing. Raises UsageError (SOURCE_UNKNOWN, STREAM_UNKNOWN,
    ENTITY_NAME_MALFORMED).
    """
    context.require(Role.EDITOR)
    now = context.clock.now()
    async with context.pool.connection() as connection, connection.transaction():
        source = await sources.by_name(connection, source_name)
        if source is None:
            raise UsageError(source_name, code="SOURCE_UNKNOWN", source=source_name)
        ids = {
            stream: {(await ontology.named(connection, name, now)).id for name in names}
            for stream, names in wanted.items()
        }
        await ontology.set_links(connection, source, ids, now)
        await runs.notify(connection, source.id)
