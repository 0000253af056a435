"""Changing what a source reads, while it goes on."""

from collections.abc import Mapping, Sequence

import msgspec

from ontologie.database import runs, sources
from ontologie.database.credentials import SourceCredentials
from ontologie.errors import OntologieError, UsageError
from ontologie.model.object_types import Called
from ontologie.model.schema import Property
from ontologie.model.stream import Stream
from ontologie.model.user import Role
from ontologie.services import discovery
from ontologie.services.context import Context
from ontologie.services.sources import find
from ontologie.store import read, tables
from ontologie.sync.engine import told


class StreamChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A stream that a source reads or may read, with the properties of its object types as last seen."""

    stream: Stream
    chosen: bool
    properties: dict[str, tuple[Property, ...]]
    """By object type. Empty until the object type was first read; excluded ones have no label then."""
    excluded: dict[str, tuple[str, ...]]


class OwnStreams(msgspec.Struct, frozen=True, kw_only=True):
    """What the account has of its own now, beside what is read of it."""

    offered: dict[str, Called]
    """Not read yet, by stream."""
    gone: tuple[str, ...]
    """Read, and no longer there."""


async def own_streams(context: Context, name: str) -> OwnStreams:
    """The account's own object types as it has them now, asked of it within 5 seconds.

    Raises UsageError (SOURCE_UNKNOWN), AuthorizationLost, RetryLater, and ScopeMissing where the credentials may not
    list them.
    """
    context.require(Role.EDITOR)
    source = await find(context, name)
    connector = context.connectors[source.connector]
    keeper = SourceCredentials(context.pool, context.vault, source.id)
    try:
        found = await discovery.own_types(context, connector, source.api_url, keeper)
    except OntologieError as error:
        raise told(source, error) from None
    async with context.pool.connection() as connection:
        await sources.learn_called(connection, source.id, found)
    everyones = {stream.name for stream in connector.streams}
    return OwnStreams(
        offered={stream: called for stream, called in found.items() if stream not in source.streams},
        gone=tuple(stream for stream in source.streams if stream not in everyones and stream not in found),
    )


async def set_streams(
    context: Context, name: str, streams: Sequence[str], excluded: Mapping[str, Sequence[str]]
) -> None:
    """Read these streams from the next run on, without the excluded properties (by object type).

    What a stream brought stays in the store when it is no longer chosen. Raises UsageError (SOURCE_UNKNOWN,
    STREAM_UNKNOWN, STREAMS_NOT_CHOSEN).
    """
    context.require(Role.EDITOR)
    source = await find(context, name)
    connector = context.connectors[source.connector]
    found = connector.find_streams(streams)
    if not found:
        raise UsageError(name, code="STREAMS_NOT_CHOSEN", source=name)
    for asked in streams:
        if asked not in {stream.name for stream in found}:
            known = ", ".join(stream.name for stream in connector.streams)
            raise UsageError(asked, code="STREAM_UNKNOWN", stream=asked, known=known)
    types = {object_type for stream in found for object_type in stream.object_types}
    kept = {kind: tuple(sorted(set(names))) for kind, names in excluded.items() if kind in types and names}
    async with context.pool.connection() as connection, connection.transaction():
        await sources.set_streams(connection, source.id, tuple(stream.name for stream in found), kept)
        await runs.notify(connection, source.id)


async def set_hard_delete(context: Context, name: str, *, hard_delete: bool) -> None:
    """Remove the rows of records that are gone, from the next run on, or mark them. Rows that were marked before go
    with the next full check; those that were removed do not come back. Raises UsageError (SOURCE_UNKNOWN)."""
    context.require(Role.EDITOR)
    source = await find(context, name)
    async with context.pool.connection() as connection, connection.transaction():
        await sources.set_hard_delete(connection, source.id, hard_delete=hard_delete)
        await runs.notify(connection, source.id)


async def choices(context: Context, name: str) -> tuple[StreamChoice, ...]:
    """Every stream the connector offers, and those of the account alone that are chosen."""
    source = await find(context, name)
    connector = context.connectors[source.connector]
    offered = connector.find_streams([*source.streams, *(stream.name for stream in connector.streams)])
    async with context.pool.connection() as connection:
        known = await read.exists(connection, source.schema_name, "properties")
        kinds = [kind for stream in offered for kind in stream.object_types]
        schemas = await tables.read_schemas(connection, source.schema_name, kinds) if known else {}
    found = []
    for stream in offered:
        properties = {kind: schemas[kind].properties if kind in schemas else () for kind in stream.object_types}
        excluded = {kind: source.excluded_properties.get(kind, ()) for kind in kinds}
        chosen = stream.name in source.streams
        found.append(StreamChoice(stream=stream, chosen=chosen, properties=properties, excluded=excluded))
    return tuple(found)
