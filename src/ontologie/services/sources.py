"""Adding, changing and removing sources."""

import asyncio
import ipaddress
import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import msgspec

from ontologie.connectors.contract import Connector
from ontologie.database import runs, sources
from ontologie.errors import Unreachable, UsageError
from ontologie.jobs.execution import spread_of
from ontologie.model.frequency import check_frequency, next_run
from ontologie.model.reference import Account
from ontologie.model.schema import MAX_IDENTIFIER_BYTES, schema_name
from ontologie.model.source import Source
from ontologie.model.user import Role
from ontologie.services.context import Context
from ontologie.store import removal

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_TOKEN = re.compile(r"[!-~]{8,512}")
_TEST_PATIENCE = timedelta(seconds=20)
HUBSPOT_API = "https://api.hubapi.com"


class SourceRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a user asks for when adding a source."""

    name: str
    connector: str
    token: str
    api_url: str = HUBSPOT_API
    streams: tuple[str, ...] = ()
    """Empty: all that the connector offers by default."""
    excluded: tuple[str, ...] = ()
    """``object_type.property`` each."""
    sensitive: bool = False
    """Also read the properties that HubSpot holds as sensitive."""
    frequency: str = "1h"

    def __repr__(self) -> str:
        return f"SourceRequest({self.name})"


async def add(context: Context, request: SourceRequest) -> Source:
    """Check everything, the token with HubSpot itself included, then store the source and its sealed token.

    Raises UsageError for what was asked wrongly, AuthorizationLost for a token that opens nothing.
    """
    context.require(Role.ADMIN)
    connector = _connector(context, request.connector)
    _check_name(request.name)
    streams = _streams(connector, request.streams)
    excluded = _excluded(connector, streams, request.excluded)
    frequency = check_frequency(request.frequency)
    _check_api_url(context, request.api_url)
    if not _TOKEN.fullmatch(request.token):
        raise UsageError("malformed token", code="HUBSPOT_TOKEN_MALFORMED")
    account = await _account(context, connector, request)
    now = context.clock.now()
    new = sources.NewSource(
        name=request.name,
        connector=request.connector,
        api_url=request.api_url.rstrip("/"),
        schema_name=schema_name(request.connector, request.name),
        streams=streams,
        excluded_properties=excluded,
        sensitive=request.sensitive,
        frequency=frequency,
        account=account,
        next_run_at=now if frequency != "manual" else None,
        created_at=now,
    )
    async with context.pool.connection() as connection, connection.transaction():
        kept = await sources.kept_schema(connection, new.schema_name)
        if kept not in (None, account.portal_id):
            raise UsageError(request.name, code="SOURCE_DATA_OF_OTHER_PORTAL", source=request.name, portal=kept or 0)
        source = await sources.insert(connection, new)
        if source is None:
            raise UsageError(request.name, code="SOURCE_NAME_TAKEN", source=request.name)
        await sources.save_sealed(connection, source.id, context.vault.seal(source.id, request.token))
        await runs.notify(connection, source.id)
    return source


async def every(context: Context) -> list[Source]:
    """All sources, by name."""
    async with context.pool.connection() as connection:
        return await sources.every(connection)


async def find(context: Context, name: str) -> Source:
    """The source with this name. Raises UsageError (SOURCE_UNKNOWN) with the names there are."""
    async with context.pool.connection() as connection:
        source = await sources.by_name(connection, name)
        if source is None:
            raise UsageError(name, code="SOURCE_UNKNOWN", source=name)
        return source


async def pause(context: Context, name: str) -> None:
    """Start no more runs by ourselves, and end the open one at its next commit."""
    context.require(Role.EDITOR)
    source = await find(context, name)
    async with context.pool.connection() as connection, connection.transaction():
        await sources.set_paused(connection, source.id, paused=True, next_run_at=None)
        await runs.request_cancel(connection, source.id)
        await runs.notify(connection, source.id)


async def resume(context: Context, name: str) -> None:
    """Go on by ourselves, with a run that is due at the next moment of the frequency."""
    context.require(Role.EDITOR)
    source = await find(context, name)
    zone = source.account.time_zone if source.account else "UTC"
    due = next_run(source.frequency, now=context.clock.now(), spread=spread_of(source.id), time_zone=zone)
    async with context.pool.connection() as connection, connection.transaction():
        await sources.set_paused(connection, source.id, paused=False, next_run_at=due)
        await runs.notify(connection, source.id)


async def row_counts(context: Context, source: Source) -> dict[str, int]:
    """Rows per table of the source's schema: what a removal with its data would erase."""
    async with context.pool.connection() as connection:
        return await removal.row_counts(connection, source.schema_name)


async def remove(context: Context, name: str, *, with_data: bool) -> None:
    """Forget the source and its credentials; its records too when asked, else they stay in their schema."""
    context.require(Role.ADMIN)
    source = await find(context, name)
    async with context.pool.connection() as connection:
        await runs.request_cancel(connection, source.id)
        async with connection.transaction():
            await sources.delete(connection, source.id)
            if with_data:
                await removal.drop_schema(connection, source.schema_name)
                await sources.forget_schema(connection, source.schema_name)
            elif source.account is not None:
                await sources.keep_schema(connection, source.schema_name, source.account.portal_id)
            await runs.notify(connection, source.id)


async def _account(context: Context, connector: Connector, request: SourceRequest) -> Account:
    try:
        async with asyncio.timeout(_TEST_PATIENCE.total_seconds()):
            async with connector.open(api_url=request.api_url, token=request.token, terms=context.terms) as session:
                return await session.account()
    except TimeoutError:
        raise Unreachable("no answer within the test's patience") from None


def _connector(context: Context, name: str) -> Connector:
    if name not in context.connectors:
        raise UsageError(name, code="CONNECTOR_UNKNOWN", name=name, known=", ".join(context.connectors))
    return context.connectors[name]


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) + 20 > MAX_IDENTIFIER_BYTES:
        raise UsageError(name, code="SOURCE_NAME_MALFORMED", name=name)


def _streams(connector: Connector, asked: Sequence[str]) -> tuple[str, ...]:
    found = [stream.name for stream in connector.find_streams(asked)]
    for name in asked:
        if name not in found:
            known = ", ".join(stream.name for stream in connector.streams)
            raise UsageError(name, code="STREAM_UNKNOWN", stream=name, known=known)
    return tuple(found or (stream.name for stream in connector.streams if not stream.optional))


def _excluded(connector: Connector, streams: Sequence[str], asked: Sequence[str]) -> dict[str, tuple[str, ...]]:
    known = [name for stream in connector.find_streams(streams) for name in stream.object_types]
    excluded: dict[str, tuple[str, ...]] = {}
    for item in asked:
        object_type, dot, name = item.partition(".")
        if not dot or not name or object_type not in known:
            raise UsageError(item, code="EXCLUDE_MALFORMED", item=item)
        excluded[object_type] = (*excluded.get(object_type, ()), name)
    return excluded


def _check_api_url(context: Context, api_url: str) -> None:
    host = (urlsplit(api_url).hostname or "").lower()
    if host in context.api_hosts or (context.simulator_url and _loopback(host)):
        return
    raise UsageError(host, code="API_HOST_REFUSED", host=host, known=", ".join(context.api_hosts))


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
