"""The tables of entities and of the streams that feed them."""

from datetime import datetime

import msgspec

from ontologie.database import queries
from ontologie.database.pool import Connection
from ontologie.model.entity import Entity, EntityLink


async def insert(connection: Connection, name: str, now: datetime) -> Entity | None:
    """The new entity; None when one has this name, in whatever case."""
    row = await queries.fetch_one(connection, "entities", "insert", name=name, now=now)
    return None if row is None else msgspec.convert(row, Entity)


async def every(connection: Connection) -> list[Entity]:
    """All entities, by name."""
    return msgspec.convert(await queries.fetch_all(connection, "entities", "every"), list[Entity])


async def by_id(connection: Connection, entity_id: int) -> Entity | None:
    row = await queries.fetch_one(connection, "entities", "by_id", id=entity_id)
    return None if row is None else msgspec.convert(row, Entity)


async def by_name(connection: Connection, name: str) -> Entity | None:
    """Found whatever the case."""
    row = await queries.fetch_one(connection, "entities", "by_name", name=name)
    return None if row is None else msgspec.convert(row, Entity)


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
