"""The test of a connection: what is behind it, in one call of at most five seconds."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from datetime import timedelta

import msgspec
import structlog

from ontologie import tasks
from ontologie.connectors.contract import Connector, Session
from ontologie.errors import ActionRequired, OntologieError, RetryLater
from ontologie.httpclient.tokens import CredentialKeeper
from ontologie.model.discovery import Discovery, ObjectDiscovery, StreamDiscovery
from ontologie.model.object_types import Called
from ontologie.model.reference import Account
from ontologie.model.schema import Property
from ontologie.model.user import Role
from ontologie.services import accounts
from ontologie.services.context import Context

PATIENCE = timedelta(seconds=5)
_LEAST_PATIENCE = timedelta(milliseconds=100)
log = structlog.get_logger(__name__)


async def discover(
    context: Context, connector: Connector, api_url: str, keeper: CredentialKeeper, *, patience: timedelta = PATIENCE
) -> Discovery:
    """The account, and each stream, its own among them: ready with its counts, or locked with the reason.

    A count that has not come in time is not known; an object type of which nothing has come is, with HUBSPOT_TIMEOUT.
    Raises AuthorizationLost, ActionRequired or RetryLater when the account itself does not open.
    """
    context.require(Role.ADMIN)
    accounts.check_api_url(context, api_url)
    started = context.clock.monotonic()
    async with connector.open(api_url=api_url, credentials=keeper, terms=context.terms) as session:
        account = await _account(session, patience)
        rest = patience - timedelta(seconds=context.clock.monotonic() - started)
        streams = await _streams(session, connector, max(rest, _LEAST_PATIENCE))
        found = [item for stream in streams for item in stream.objects]
        records = {item.object_type: item.records for item in found if item.records is not None}
        return Discovery(
            account=account,
            streams=streams,
            limits=session.limits(),
            estimate=session.estimate(records),
            seconds=round(context.clock.monotonic() - started, 3),
        )


async def _account(session: Session, patience: timedelta) -> Account:
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await session.account()
    except TimeoutError:
        raise accounts.too_late(patience) from None


async def _streams(session: Session, connector: Connector, patience: timedelta) -> tuple[StreamDiscovery, ...]:
    """Those that every account has, and the account's own, listed meanwhile and looked into after the others."""
    looked = _Look(session)
    own: Mapping[str, Called] = {}
    late = accounts.too_late(patience)
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience.total_seconds()):
                looked.into(kind for stream in connector.streams for kind in stream.object_types)
                own = await _own(session)
                looked.into(own)
                await asyncio.wait(looked.tasks.values())
        return tuple(
            StreamDiscovery(
                name=stream.name,
                called=own.get(stream.name),
                optional=stream.optional,
                objects=tuple(looked.found(kind, late) for kind in stream.object_types),
            )
            for stream in (*connector.streams, *connector.find_streams(list(own)))
        )
    finally:
        await looked.end()


async def _own(session: Session) -> Mapping[str, Called]:
    """An account whose own types cannot be listed just now is connected with the others."""
    try:
        return await session.custom_streams()
    except ActionRequired:
        raise
    except OntologieError as error:
        log.info("custom_objects_not_listed", code=error.code)
        return {}


class _Look:
    """Object types being looked into, side by side; what is known of each so far."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, ObjectDiscovery] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def into(self, kinds: Iterable[str]) -> None:
        for kind in kinds:
            self.tasks[kind] = asyncio.create_task(self._object(kind))

    def found(self, kind: str, late: OntologieError) -> ObjectDiscovery:
        """Raises what makes the whole test fail."""
        task = self.tasks.get(kind)
        if task is not None and task.done():
            task.result()
        return self._known.get(kind) or _locked(kind, late)

    async def end(self) -> None:
        await tasks.end(*self.tasks.values())

    async def _object(self, kind: str) -> None:
        """Definitions and count side by side: five seconds hold few round trips to a far portal."""
        counting = asyncio.create_task(self._session.count(kind))
        try:
            schema = await self._session.schema(kind, (), sensitive=False)
            uncounted = ObjectDiscovery(
                object_type=kind,
                properties=len(schema.properties),
                custom_properties=sum(item.custom for item in schema.properties),
            )
            self._known[kind] = uncounted
            self._known[kind] = msgspec.structs.replace(uncounted, records=await counting)
        except ActionRequired:
            raise
        except RetryLater as error:
            log.info("not_looked_into", object_type=kind, code=error.code)
            self._known.setdefault(kind, _locked(kind, error))  # only its count is missing where it is known already
        except OntologieError as error:
            self._known[kind] = _locked(kind, error)
            self._known[kind] = _locked(kind, await self._session.examine(error))
        finally:
            await tasks.end(counting)


def _locked(kind: str, error: OntologieError) -> ObjectDiscovery:
    return ObjectDiscovery(object_type=kind, problem_code=error.code, problem_params=error.params)


async def own_types(
    context: Context, connector: Connector, api_url: str, keeper: CredentialKeeper
) -> Mapping[str, Called]:
    """The object types that only this account has, as they are now. Raises as :func:`discover` does, and
    ScopeMissing where the credentials may not list them."""
    context.require(Role.EDITOR)
    async with accounts.opened(context, connector, api_url, keeper, patience=PATIENCE) as session:
        return await session.custom_streams()


async def properties(
    context: Context, connector: Connector, api_url: str, keeper: CredentialKeeper, object_type: str
) -> tuple[Property, ...]:
    """What there is to leave out of an object type, before its first sync. Raises as :func:`discover` does."""
    context.require(Role.ADMIN)
    async with accounts.opened(context, connector, api_url, keeper) as session:
        return (await session.schema(object_type, (), sensitive=False)).properties
