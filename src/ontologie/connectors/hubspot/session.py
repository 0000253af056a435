"""An open connection to one HubSpot account."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

from msgspec import structs

from ontologie import tasks
from ontologie.clock import Clock
from ontologie.connectors.contract import SessionTerms
from ontologie.connectors.hubspot import api, planning, streams
from ontologie.connectors.hubspot.ahead import Ahead
from ontologie.connectors.hubspot.api import ObjectsApi
from ontologie.connectors.hubspot.archived import RECYCLE_BIN, ArchivedReader
from ontologie.connectors.hubspot.batches import Batcher, Road
from ontologie.connectors.hubspot.estimate import estimate
from ontologie.connectors.hubspot.limits import plan_of
from ontologie.connectors.hubspot.links import LinksReader
from ontologie.connectors.hubspot.lists import ListPages, UrlLimit
from ontologie.connectors.hubspot.portals import SEARCH
from ontologie.connectors.hubspot.properties import digests, fingerprint_of, object_schema
from ontologie.connectors.hubspot.reader import Reader
from ontologie.connectors.hubspot.reference import own_types, reference_data
from ontologie.connectors.hubspot.resolving import living, resolve
from ontologie.connectors.hubspot.vendor import HubSpotVendor
from ontologie.connectors.hubspot.wire import AccountDetails, TokenInfo
from ontologie.errors import (
    ActionRequired,
    ContractBroken,
    OntologieError,
    RequestRefused,
    ScopeMissing,
    StreamStopped,
)
from ontologie.httpclient.client import ApiClient
from ontologie.httpclient.request import Priority
from ontologie.model.checkpoint import Checkpoint, Segment, SegmentKind
from ontologie.model.discovery import Estimate, Limits
from ontologie.model.frequency import known_zone
from ontologie.model.object_types import Called
from ontologie.model.record import Batch, Fates, LinkSet
from ontologie.model.reference import Account, ReferenceData
from ontologie.model.run import BudgetUse, Usage
from ontologie.model.schema import ObjectSchema
from ontologie.model.stream import AssociationPair

_PRIORITIES = {
    SegmentKind.CHANGES: Priority.CHANGES,
    SegmentKind.ARCHIVED: Priority.CHECK,
    SegmentKind.BACKFILL: Priority.BACKFILL,
    SegmentKind.SWEEP: Priority.CHECK,
}


class Identity(Protocol):
    """Who the session's credentials are, and where their requests count."""

    async def describe(self) -> TokenInfo:
        """Whose token it is, and what it may read now."""
        ...

    def joined(self, portal_id: int, app_id: int | None) -> None:
        """It is known whose budgets these requests draw on."""
        ...


class HubSpotSession:
    """See :class:`ontologie.connectors.contract.Session`."""

    def __init__(
        self,
        client: ApiClient,
        clock: Clock,
        *,
        vendor: HubSpotVendor,
        identity: Identity,
        terms: SessionTerms,
        url_limit: UrlLimit,
    ) -> None:
        self._client = client
        self._clock = clock
        self._vendor = vendor
        self._identity = identity
        self._terms = terms
        self._url_limit = url_limit
        self._ahead: dict[str, Ahead] = {}

    def __repr__(self) -> str:
        return "HubSpotSession(…)"

    async def account(self) -> Account:
        # Both to their end: of two refusals the first one says more, the app that was uninstalled and not only a 401.
        info, details = await asyncio.gather(self._identity.describe(), self._details(), return_exceptions=True)
        if isinstance(info, BaseException):
            raise info
        if isinstance(details, BaseException):
            raise details
        self._identity.joined(details.portal_id, info.app_id)
        return Account(
            portal_id=details.portal_id,
            account_type=details.account_type,
            time_zone=known_zone(details.time_zone),
            currency=details.company_currency,
            ui_domain=details.ui_domain,
            data_hosting_location=details.data_hosting_location,
            name=details.portal_name,
            domain=info.hub_domain,
            app_id=info.app_id,
            scopes=tuple(sorted(info.scopes)),
        )

    async def _details(self) -> AccountDetails:
        try:
            return await api.account_details(self._client)
        except RequestRefused as error:
            if error.status != HTTPStatus.FORBIDDEN:
                raise
            # It needs no scope of its own: a good token that may not even ask for it has no API at all.
            raise ActionRequired(str(error), code="HUBSPOT_PLAN_WITHOUT_API") from None

    def expect(self, object_types: Sequence[str]) -> None:
        for object_type in object_types:
            self._ahead[object_type] = Ahead(self._objects(object_type))

    async def close(self) -> None:
        """Give up what was asked ahead and nobody waits for."""
        for ahead in self._ahead.values():
            await ahead.cancel()

    async def schema(self, object_type: str, excluded: Sequence[str], *, sensitive: bool) -> ObjectSchema:
        found, _ = await self.schema_unless(object_type, excluded, sensitive=sensitive, known=b"")
        if found is None:
            raise ContractBroken("nothing was known of the definitions, and they are said to be known")
        return found

    async def schema_unless(
        self, object_type: str, excluded: Sequence[str], *, sensitive: bool, known: bytes
    ) -> tuple[ObjectSchema | None, bytes]:
        objects, ahead = self._objects(object_type), self._ahead.get(object_type)
        kinds = ("sensitive", "highly_sensitive") if sensitive else ()
        told = digests(known)
        async with tasks.beside(*(objects.properties(kind, told) for kind in kinds)) as others:
            usual = await ((ahead and ahead.take_properties()) or objects.properties("non_sensitive", told))
            answers = [usual, *[await other for other in others]]
        fingerprint = fingerprint_of(answers, excluded)
        if fingerprint == known:
            return None, fingerprint
        found = [item for answer in answers for item in answer.properties()]
        return object_schema(object_type, found, excluded), fingerprint

    async def reference_data(self, object_types: Sequence[str]) -> ReferenceData:
        return await reference_data(self._client, object_types)

    async def custom_streams(self) -> Mapping[str, Called]:
        return await own_types(self._client)

    async def count(self, object_type: str) -> int:
        ahead = self._ahead.get(object_type)
        asked = await ahead.take_count() if ahead else None
        return await self._objects(object_type).count() if asked is None else asked

    def limits(self) -> Limits:
        told = self._vendor.limits
        searches = self._vendor.scheduler.budget(SEARCH).limit
        return structs.replace(told, searches_per_s=searches, plan=plan_of(told))

    def estimate(self, records: Mapping[str, int]) -> Estimate:
        return estimate(records, self.limits(), free_share=self._terms.free_share_first_sync)

    async def examine(self, error: OntologieError) -> OntologieError:
        """A scope that is granted and refused all the same is the plan's doing (inferred: no such answer is
        documented)."""
        if not isinstance(error, ScopeMissing) or error.scope not in (await self._identity.describe()).scopes:
            return error
        return StreamStopped(str(error), code="HUBSPOT_PLAN_WITHOUT_API")

    def plan(self, checkpoint: Checkpoint, *, now: datetime, check: bool, full: bool) -> tuple[Segment, ...]:
        return planning.plan(checkpoint, self._terms, now=self._vendor.in_their_time(now), check=check, full=full)

    async def read(
        self, segment: Segment, schema: ObjectSchema, pairs: Sequence[AssociationPair]
    ) -> AsyncGenerator[Batch, None]:
        backfill = segment.kind is SegmentKind.BACKFILL
        ahead = self._ahead.get(schema.object_type)
        if ahead is not None:
            await ahead.forget_count()
        share = self._terms.free_share_first_sync if backfill else self._terms.free_share
        objects = self._objects(schema.object_type, _PRIORITIES[segment.kind])
        archived = segment.kind is SegmentKind.ARCHIVED
        batcher = Batcher(schema, segment, LinksReader(objects, () if archived else pairs), self._clock)
        road = self._archived(objects, segment, schema) if archived else self._live(objects, segment, schema)
        with self._client.scheduler.leaving(share):
            async with contextlib.aclosing(batcher.batches(road)) as batches:
                async for batch in batches:
                    yield batch

    def _archived(self, objects: ObjectsApi, segment: Segment, schema: ObjectSchema) -> Road:
        lists = ListPages(objects, schema.property_names(), self._url_limit, archived=True)
        reader = ArchivedReader(lists, segment.position)
        return Road(
            pages=reader.pages(),
            position=reader.position,
            total=lambda: None,
            unreadable=objects.take_unreadable,
            deleted_since=self._vendor.in_their_time(self._clock.now()) - RECYCLE_BIN,
        )

    def _live(self, objects: ObjectsApi, segment: Segment, schema: ObjectSchema) -> Road:
        names = schema.property_names()
        changes = segment.kind is SegmentKind.CHANGES
        lists = None if changes else ListPages(objects, names, self._url_limit, archived=False)
        filters = _window(schema.object_type, segment) if changes else ()
        ahead = None if changes else self._ahead.get(schema.object_type)
        reader = Reader(objects, names, lists=lists, filters=filters, nearly_read=ahead.ask_count if ahead else None)

        def position() -> dict[str, str]:
            return reader.ranges.position() if reader.ranges is not None else {}

        bounds = ahead.take_bounds() if ahead and not segment.position else None
        return Road(
            pages=reader.pages(segment.position, bounds),
            position=position,
            total=lambda: None if changes else reader.total,
            unreadable=objects.take_unreadable,
        )

    async def resolve(
        self, ids: Sequence[int], schema: ObjectSchema, pairs: Sequence[AssociationPair]
    ) -> tuple[Fates, tuple[LinkSet, ...]]:
        objects = self._objects(schema.object_type, Priority.CHECK)
        fates = await resolve(objects, ids, schema.property_names())
        return fates, await LinksReader(objects, pairs).of([record.id for record in fates.live])

    async def living(
        self, ids: Sequence[int], schema: ObjectSchema, pairs: Sequence[AssociationPair]
    ) -> tuple[Fates, tuple[LinkSet, ...]]:
        objects = self._objects(schema.object_type, Priority.CHECK)
        fates = await living(objects, ids, schema.property_names())
        return fates, await LinksReader(objects, pairs).of([record.id for record in fates.live])

    async def links(self, ids: Sequence[int], pair: AssociationPair) -> LinkSet | None:
        found = await LinksReader(self._objects(pair.from_type, Priority.CHECK), [pair]).of(ids)
        return next(iter(found), None)

    def requests_by_object_type(self) -> Mapping[str, int]:
        return self._client.statistics.requests_by_object_type

    def usage(self) -> Usage:
        statistics = self._client.statistics
        limit, left = self._vendor.quotas.known() or (None, None)
        return Usage(
            requests=sum(statistics.requests_by_object_type.values()),
            refusals=statistics.refusals,
            retries=statistics.retries,
            daily_limit=limit,
            daily_left=left,
            budgets=tuple(self._budget(name) for name in self._vendor.scheduler.names()),
        )

    def _budget(self, name: str) -> BudgetUse:
        budget = self._vendor.scheduler.budget(name)
        return BudgetUse(name=name, used=budget.used(), limit=budget.limit, interval=budget.interval)

    def _objects(self, object_type: str, priority: Priority = Priority.CHANGES) -> ObjectsApi:
        return ObjectsApi(self._client, object_type, priority)


def _window(object_type: str, segment: Segment) -> list[dict[str, str]]:
    if segment.window_to is None:
        raise ContractBroken("a window of changes without an end")
    modified = streams.object_type(object_type).modified
    return [
        {"propertyName": modified, "operator": "GTE", "value": api.in_milliseconds(segment.window_from)},
        {"propertyName": modified, "operator": "LT", "value": api.in_milliseconds(segment.window_to)},
    ]
