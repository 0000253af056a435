"""Adding, changing and removing sources."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from ontologie.connectors.contract import Connector
from ontologie.database import runs, sources
from ontologie.database.credentials import SourceCredentials
from ontologie.errors import UsageError
from ontologie.httpclient.tokens import GivenCredentials
from ontologie.jobs.ending import regular_run
from ontologie.model.credentials import Credentials, TokenCredentials
from ontologie.model.frequency import check_frequency
from ontologie.model.object_types import Called
from ontologie.model.schema import MAX_IDENTIFIER_BYTES, schema_name
from ontologie.model.source import Source
from ontologie.model.user import Role
from ontologie.services.accounts import account_behind, check_api_url, check_same_portal
from ontologie.services.context import Context
from ontologie.store import removal

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
HUBSPOT_API = "https://api.hubapi.com"


class SourcePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a user asks for when adding a source, but for its credentials."""

    name: str
    connector: str
    api_url: str = HUBSPOT_API
    streams: tuple[str, ...] = ()
    """Empty: all that the connector offers by default."""
    excluded: tuple[str, ...] = ()
    """``object_type.property`` each."""
    sensitive: bool = False
    """Also read the properties that HubSpot holds as sensitive."""
    hard_delete: bool = False
    """Remove the rows of deleted, merged and erased records instead of marking them."""
    frequency: str = "1h"
    called: Mapping[str, Called] = {}
    """What the account calls its own object types, where that is known already."""


class SourceRequest(SourcePlan, frozen=True, kw_only=True):
    """The same, with a token."""

    token: str

    def __repr__(self) -> str:
        return f"SourceRequest({self.name})"


async def add(context: Context, request: SourceRequest) -> Source:
    """Add a source that is opened by a token. Raises as :func:`connect` does."""
    context.require(Role.ADMIN)
    return await connect(context, request, TokenCredentials(token=request.token))


async def connect(context: Context, plan: SourcePlan, credentials: Credentials) -> Source:
    """Check everything, the credentials with HubSpot itself included, then store the source and seal them.

    Raises UsageError for what was asked wrongly, AuthorizationLost for credentials that open nothing.
    """
    context.require(Role.ADMIN)
    connector = connector_of(context, plan.connector)
    new = _new_source(context, connector, plan)
    if isinstance(credentials, TokenCredentials):
        connector.check_token(credentials.token)
    keeper = GivenCredentials(credentials)
    account = await account_behind(context, connector, plan.api_url, keeper)
    new = msgspec.structs.replace(new, account=account)
    async with context.pool.connection() as connection, connection.transaction():
        kept = await sources.kept_schema(connection, new.schema_name)
        if kept not in (None, account.portal_id):
            raise UsageError(plan.name, code="SOURCE_DATA_OF_OTHER_PORTAL", source=plan.name, portal=kept or 0)
        source = await sources.insert(connection, new)
        if source is None:
            raise UsageError(plan.name, code="SOURCE_NAME_TAKEN", source=plan.name)
        stored = SourceCredentials(context.pool, context.vault, source.id)
        await stored.save(connection, await keeper.read())
        await runs.notify(connection, source.id)
    return source


async def reconnect(context: Context, name: str, credentials: Credentials) -> Source:
    """Give a source other credentials of the same account, and let it go on at once.

    Raises ActionRequired (HUBSPOT_OTHER_PORTAL), AuthorizationLost; then everything stays as it was.
    """
    context.require(Role.ADMIN)
    source = await find(context, name)
    connector = connector_of(context, source.connector)
    if isinstance(credentials, TokenCredentials):
        connector.check_token(credentials.token)
    keeper = GivenCredentials(credentials)
    account = await account_behind(context, connector, source.api_url, keeper)
    check_same_portal(source, account)
    waits = source.paused or source.frequency == "manual"
    async with context.pool.connection() as connection, connection.transaction():
        stored = SourceCredentials(context.pool, context.vault, source.id)
        await stored.save(connection, await keeper.read())
        due = None if waits else context.clock.now()
        await sources.reconnected(connection, source.id, account, due)
        await runs.notify(connection, source.id)
    return await find(context, name)


async def every(context: Context) -> list[Source]:
    """All sources, by name."""
    async with context.pool.connection() as connection:
        return await sources.every(connection)


async def called(context: Context) -> dict[str, Called]:
    """What the accounts call their own object types, by their qualified names."""
    context.require(Role.VIEWER)
    async with context.pool.connection() as connection:
        return await sources.called(connection)


async def find(context: Context, name: str) -> Source:
    """The source with this name. Raises UsageError (SOURCE_UNKNOWN)."""
    async with context.pool.connection() as connection:
        source = await sources.by_name(connection, name)
        if source is None:
            raise UsageError(name, code="SOURCE_UNKNOWN", source=name)
        return source


async def pause(context: Context, name: str) -> None:
    """Start no more runs by ourselves, and end the open one within two seconds."""
    context.require(Role.EDITOR)
    source = await find(context, name)
    async with context.pool.connection() as connection, connection.transaction():
        await sources.set_paused(connection, source.id, paused=True, next_run_at=None)
        await runs.request_cancel(connection, source.id)
        for run in await runs.cancelled_unclaimed(connection, source.id):
            await context.execution.end_cancelled(connection, run)
        await runs.notify(connection, source.id)


async def resume(context: Context, name: str) -> None:
    """Go on by ourselves, with a run that is due at the next moment of the frequency."""
    context.require(Role.EDITOR)
    source = await find(context, name)
    due = regular_run(source, context.clock.now())
    async with context.pool.connection() as connection, connection.transaction():
        await sources.set_paused(connection, source.id, paused=False, next_run_at=due)
        await runs.notify(connection, source.id)


async def set_frequency(context: Context, name: str, frequency: str) -> Source:
    """Sync at another frequency from now on. Raises UsageError (FREQUENCY_UNKNOWN)."""
    context.require(Role.EDITOR)
    source = msgspec.structs.replace(await find(context, name), frequency=check_frequency(frequency))
    due = None if source.paused else regular_run(source, context.clock.now())
    async with context.pool.connection() as connection, connection.transaction():
        await sources.set_frequency(connection, source.id, frequency=source.frequency, next_run_at=due)
        await runs.notify(connection, source.id)
    return msgspec.structs.replace(source, next_run_at=due)


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


def connector_of(context: Context, name: str) -> Connector:
    """The connector called so. Raises UsageError (CONNECTOR_UNKNOWN)."""
    if name not in context.connectors:
        raise UsageError(name, code="CONNECTOR_UNKNOWN", name=name, known=", ".join(context.connectors))
    return context.connectors[name]


def _new_source(context: Context, connector: Connector, plan: SourcePlan) -> sources.NewSource:
    """What was asked for, checked as far as that goes without asking HubSpot."""
    _check_name(plan.name)
    streams = _streams(connector, plan.streams)
    excluded = _excluded(connector, streams, plan.excluded)
    frequency = check_frequency(plan.frequency)
    check_api_url(context, plan.api_url)
    now = context.clock.now()
    return sources.NewSource(
        name=plan.name,
        connector=plan.connector,
        api_url=plan.api_url.rstrip("/"),
        schema_name=schema_name(plan.connector, plan.name),
        streams=streams,
        excluded_properties=excluded,
        sensitive=plan.sensitive,
        hard_delete=plan.hard_delete,
        frequency=frequency,
        account=None,
        next_run_at=now if frequency != "manual" else None,
        created_at=now,
        called=plan.called,
    )


async def check_new_name(context: Context, name: str) -> None:
    """Raises UsageError (SOURCE_NAME_MALFORMED, SOURCE_NAME_TAKEN) unless a source may be called so."""
    context.require(Role.VIEWER)
    _check_name(name)
    async with context.pool.connection() as connection:
        if await sources.by_name(connection, name) is not None:
            raise UsageError(name, code="SOURCE_NAME_TAKEN", source=name)


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
