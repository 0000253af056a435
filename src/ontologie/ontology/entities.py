"""Entities by name, and the links between them and streams."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime

from ontologie.database import entities
from ontologie.database.pool import Connection
from ontologie.errors import UsageError
from ontologie.model.entity import Entity
from ontologie.model.source import Source

MAX_NAME_CHARACTERS = 80


def check_name(name: str) -> str:
    """The name in its stored form: one line, no space around. Raises UsageError (ENTITY_NAME_MALFORMED)."""
    kept = " ".join(unicodedata.normalize("NFC", name).split())
    if not 0 < len(kept) <= MAX_NAME_CHARACTERS or not kept.isprintable():
        shown = "".join(letter for letter in kept if letter.isprintable())[:MAX_NAME_CHARACTERS]
        raise UsageError("entity name", code="ENTITY_NAME_MALFORMED", name=shown, most=MAX_NAME_CHARACTERS)
    return kept


async def named(connection: Connection, name: str, now: datetime) -> Entity:
    """The entity with this name, made when there is none: two people who say Client mean the same."""
    kept = check_name(name)
    return await entities.named(connection, kept, now)


async def set_links(connection: Connection, source: Source, wanted: Mapping[str, set[int]], now: datetime) -> None:
    """Make the links of the streams named in ``wanted`` exactly these; the other streams' stay.

    Raises UsageError (STREAM_UNKNOWN) before anything is changed.
    """
    for stream in wanted:
        if stream not in source.streams:
            raise UsageError(stream, code="STREAM_UNKNOWN", stream=stream, known=", ".join(source.streams))
    present = [link for link in await entities.links(connection) if link.source_id == source.id]
    for stream, ids in wanted.items():
        held = {link.entity_id for link in present if link.stream == stream}
        for entity_id in held - ids:
            await entities.unlink(connection, entity_id, source.id, stream)
        for entity_id in ids - held:
            await entities.link(connection, entity_id, source.id, stream, now)
