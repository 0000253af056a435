"""The tables of entities and of the streams that feed them."""

from datetime import datetime

import msgspec

from ontologie.database import queries
from ontologie.database.pool import Connection
from ontologie.model.entity import Entity, EntityLink


async def named(connection: Connection, name: str, now: datetime) -> Entity:
    """The entity that has this name, in whatever case; made when there is none."""
    return msgspec.convert(await queries.fetch_one(connection, "entities", "named", name=name, now=now), Entity)


async def every(connection: Connection) -> list[Entity]:
    """All entities, by name."""
    return msgspec.convert(await queries.fetch_all(connection, "entities", "every"), list[Entity])


async def link(connection: Connection, entity_id: int, source_id: int, stream: str, now: datetime) -> None:
    """Tie a stream to an entity; nothing happens when it is."""
    await queries.execute(
        connection, "entities", "link", entity_id=entity_id, source_id=source_id, stream=stream, now=now
    )


async def unlink(connection: Connection, entity_id: int, source_id: int, stream: str) -> None:
    await queries.execute(connection, "entities", "unlink", entity_id=entity_id, source_id=source_id, stream=stream)


async def links(connection: Connection) -> list[EntityLink]:
    """Every link, by entity, source and stream."""
    return msgspec.convert(await queries.fetch_all(connection, "entities", "links"), list[EntityLink])
