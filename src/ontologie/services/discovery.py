"""The test of a connection: what is behind it, in one call of at most five seconds."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from ontologie.connectors.contract import Connector, Session
from ontologie.errors import ActionRequired, OntologieError, Unreachable
from ontologie.httpclient.tokens import CredentialKeeper
from ontologie.model.discovery import Discovery, ObjectDiscovery, StreamDiscovery
from ontologie.model.reference import Account
from ontologie.model.schema import Property
from ontologie.model.user import Role
from ontologie.services.context import Context
from ontologie.services.sources import check_api_url

PATIENCE = timedelta(seconds=5)


async def discover(
    context: Context, connector: Connector, api_url: str, keeper: CredentialKeeper, *, patience: timedelta = PATIENCE
) -> Discovery:
    """The account, and each stream the connector offers: ready with its counts, or locked with the reason.

    What has not answered in time is locked with HUBSPOT_TIMEOUT. Raises AuthorizationLost, ActionRequired or
    RetryLater when the account itself does not open.
    """
    context.require(Role.ADMIN)
    check_api_url(context, api_url)
    started = context.clock.monotonic()
    async with connector.open(api_url=api_url, credentials=keeper, terms=context.terms) as session:
        account = await _account(session, patience)
        rest = patience.total_seconds() - (context.clock.monotonic() - started)
        kinds = [kind for stream in connector.streams for kind in stream.object_types]
        found = await _objects(session, kinds, max(rest, 0.1))
        records = {item.object_type: item.records for item in found.values() if item.records is not None}
        return Discovery(
            account=account,
            streams=tuple(
                StreamDiscovery(
                    name=stream.name,
                    optional=stream.optional,
                    objects=tuple(found[kind] for kind in stream.object_types),
                )
                for stream in connector.streams
            ),
            limits=session.limits(),
            estimate=session.estimate(records),
            tested_at=context.clock.now(),
            seconds=round(context.clock.monotonic() - started, 3),
        )


async def _account(session: Session, patience: timedelta) -> Account:
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await session.account()
    except TimeoutError:
        raise _too_late(patience.total_seconds()) from None


async def _objects(session: Session, kinds: list[str], seconds: float) -> Mapping[str, ObjectDiscovery]:
    tasks = {kind: asyncio.create_task(_object(session, kind)) for kind in kinds}
    try:
        await asyncio.wait(tasks.values(), timeout=seconds)
        late = _too_late(seconds)
        return {kind: task.result() if task.done() else _locked(kind, late) for kind, task in tasks.items()}
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)


async def _object(session: Session, kind: str) -> ObjectDiscovery:
    """Definitions first: a missing scope then costs no search."""
    try:
        schema = await session.schema(kind, (), sensitive=False)
        records = await session.count(kind)
    except ActionRequired:
        raise
    except OntologieError as error:
        return _locked(kind, await session.examine(error))
    return ObjectDiscovery(
        object_type=kind,
        records=records,
        properties=len(schema.properties),
        custom_properties=sum(item.custom for item in schema.properties),
    )


def _locked(kind: str, error: OntologieError) -> ObjectDiscovery:
    return ObjectDiscovery(object_type=kind, problem_code=error.code, problem_params=error.params)


def _too_late(seconds: float) -> Unreachable:
    return Unreachable("no answer in time", code="HUBSPOT_TIMEOUT", seconds=max(1, round(seconds)))


async def properties(
    context: Context, connector: Connector, api_url: str, keeper: CredentialKeeper, object_type: str
) -> tuple[Property, ...]:
    """What there is to leave out of an object type, before its first sync. Raises as :func:`discover` does."""
    context.require(Role.ADMIN)
    check_api_url(context, api_url)
    async with connector.open(api_url=api_url, credentials=keeper, terms=context.terms) as session:
        return (await session.schema(object_type, (), sensitive=False)).properties
