"""An open connection to one HubSpot account."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from ontologie.clock import Clock
from ontologie.connectors.contract import SessionTerms
from ontologie.connectors.hubspot import api, planning, streams
from ontologie.connectors.hubspot.api import ObjectsApi
from ontologie.connectors.hubspot.batches import Batcher
from ontologie.connectors.hubspot.links import LinksReader
from ontologie.connectors.hubspot.lists import ListPages
from ontologie.connectors.hubspot.properties import object_schema
from ontologie.connectors.hubspot.ranges import END
from ontologie.connectors.hubspot.reader import Reader, ReadPage
from ontologie.connectors.hubspot.resolving import resolve
from ontologie.connectors.hubspot.streams import PAIRS
from ontologie.connectors.hubspot.vendor import ASSOCIATIONS, BURST, SEARCH
from ontologie.connectors.hubspot.wire import WirePipeline, WireStage
from ontologie.errors import ContractBroken, RequestRefused, ScopeMissing
from ontologie.httpclient.client import ApiClient
from ontologie.httpclient.request import Priority
from ontologie.httpclient.scheduler import Scheduler
from ontologie.model.checkpoint import Checkpoint, Segment, SegmentKind
from ontologie.model.record import Batch, Fates, LinkSet
from ontologie.model.reference import (
    Account,
    AssociationLabel,
    Owner,
    Pipeline,
    PipelineStage,
    ReferenceData,
)
from ontologie.model.schema import ObjectSchema
from ontologie.model.stream import AssociationPair


class HubSpotSession:
    """See :class:`ontologie.connectors.contract.Session`."""

    def __init__(
        self,
        client: ApiClient,
        scheduler: Scheduler,
        clock: Clock,
        *,
        token: str,
        terms: SessionTerms,
        of_portal: Callable[[int], None],
    ) -> None:
        self._client = client
        self._scheduler = scheduler
        self._clock = clock
        self._token = token
        self._terms = terms
        self._of_portal = of_portal

    def __repr__(self) -> str:
        return "HubSpotSession(…)"

    async def account(self) -> Account:
        info, details = await asyncio.gather(
            api.token_info(self._client, self._token), api.account_details(self._client)
        )
        self._of_portal(details.portal_id)
        return Account(
            portal_id=details.portal_id,
            account_type=details.account_type,
            time_zone=details.time_zone,
            currency=details.company_currency,
            ui_domain=details.ui_domain,
            data_hosting_location=details.data_hosting_location,
            app_id=info.app_id,
            scopes=tuple(sorted(info.scopes)),
        )

    async def schema(self, object_type: str, excluded: Sequence[str], *, sensitive: bool) -> ObjectSchema:
        kinds = ("non_sensitive", "sensitive", "highly_sensitive") if sensitive else ("non_sensitive",)
        found = await asyncio.gather(*(self._objects(object_type).properties(kind) for kind in kinds))
        return object_schema(object_type, [item for part in found for item in part], excluded)

    async def reference_data(self, object_types: Sequence[str]) -> ReferenceData:
        owners, pipelines, labels = await asyncio.gather(
            self._owners(),
            self._pipelines([name for name in object_types if streams.object_type(name).pipelines]),
            self._labels([pair for pair in PAIRS if pair.from_type in object_types and pair.to_type in object_types]),
        )
        return ReferenceData(owners=owners, pipelines=pipelines, labels=labels)

    async def count(self, object_type: str) -> int:
        query = {"filterGroups": [], "properties": [], "limit": 1}
        return (await self._objects(object_type).search(query, Priority.CHANGES)).total

    def plan(self, checkpoint: Checkpoint, *, now: datetime, check: bool, full: bool) -> tuple[Segment, ...]:
        return planning.plan(checkpoint, self._terms, now=now, check=check, full=full)

    async def read(
        self, segment: Segment, schema: ObjectSchema, pairs: Sequence[AssociationPair]
    ) -> AsyncGenerator[Batch, None]:
        self._set_free_share(segment.kind)
        objects = self._objects(schema.object_type)
        links = LinksReader(objects, () if segment.kind is SegmentKind.ARCHIVED else pairs)
        batcher = Batcher(schema, segment, links, self._clock)
        names = schema.property_names()
        if segment.kind is SegmentKind.ARCHIVED:
            archived = batcher.batches(_archived(ListPages(objects, names, archived=True)), dict, lambda: None)
            async for batch in archived:
                yield batch
            return
        changes = segment.kind is SegmentKind.CHANGES
        reader = Reader(
            objects,
            names,
            filters=_window(schema.object_type, segment) if changes else (),
            priority=Priority.CHANGES if changes else Priority.BACKFILL,
        )

        def position() -> dict[str, str]:
            return reader.ranges.position() if reader.ranges is not None else {}

        batches = batcher.batches(
            reader.pages(segment.position), position, lambda: None if changes else reader.total
        )
        try:
            async for batch in batches:
                yield batch
        finally:
            await batches.aclose()

    async def resolve(
        self, ids: Sequence[int], schema: ObjectSchema, pairs: Sequence[AssociationPair]
    ) -> tuple[Fates, tuple[LinkSet, ...]]:
        objects = self._objects(schema.object_type)
        fates = await resolve(objects, ids, schema.property_names())
        links = await LinksReader(objects, pairs).of([record.id for record in fates.live])
        return fates, links

    def requests_by_object_type(self) -> Mapping[str, int]:
        return self._client.statistics.requests_by_object_type

    def _objects(self, object_type: str) -> ObjectsApi:
        return ObjectsApi(self._client, object_type)

    def _set_free_share(self, kind: SegmentKind) -> None:
        bulk = kind in (SegmentKind.BACKFILL, SegmentKind.SWEEP)
        share = self._terms.free_share_first_sync if bulk else self._terms.free_share
        for name in (BURST, SEARCH, ASSOCIATIONS):
            self._scheduler.budget(name).free_share = share

    async def _owners(self) -> tuple[Owner, ...] | None:
        try:
            live, archived = await asyncio.gather(
                api.owners(self._client, archived=False), api.owners(self._client, archived=True)
            )
        except (ScopeMissing, RequestRefused):
            return None  # the data stands without names; the token check tells the scope
        return tuple(
            Owner(
                id=int(item.id),
                email=item.email,
                first_name=item.first_name,
                last_name=item.last_name,
                type=item.type,
                user_id=item.user_id,
                archived=item.archived,
                created_at=item.created_at,
                updated_at=item.updated_at,
            )
            for item in (*live, *archived)
        )

    async def _pipelines(self, object_types: Sequence[str]) -> tuple[Pipeline, ...] | None:
        found: list[Pipeline] = []
        for object_type in object_types:
            try:
                found += [_pipeline(object_type, item) for item in await self._objects(object_type).pipelines()]
            except (ScopeMissing, RequestRefused):
                return None
        return tuple(found)

    async def _labels(self, pairs: Sequence[AssociationPair]) -> tuple[AssociationLabel, ...] | None:
        found: list[AssociationLabel] = []
        for pair in pairs:
            try:
                labels = await self._objects(pair.from_type).labels(pair.to_type)
            except (ScopeMissing, RequestRefused):
                continue
            found += [
                AssociationLabel(
                    from_type=pair.from_type,
                    to_type=pair.to_type,
                    category=item.category,
                    type_id=item.type_id,
                    label=item.label,
                )
                for item in labels
            ]
        return tuple(found)


def _window(object_type: str, segment: Segment) -> list[dict[str, str]]:
    if segment.window_to is None:
        raise ContractBroken("a window of changes without an end")
    modified = streams.object_type(object_type).modified
    return [
        {"propertyName": modified, "operator": "GTE", "value": api.in_milliseconds(segment.window_from)},
        {"propertyName": modified, "operator": "LT", "value": api.in_milliseconds(segment.window_to)},
    ]


async def _archived(lists: ListPages) -> AsyncIterator[ReadPage]:
    """All deleted records. There is no filter by time; only the cursor decides the end."""
    cursor: str | None = None
    seen: set[str] = set()
    while True:
        page = await lists.page(cursor)
        yield ReadPage(records=page.results, first=0, end=END)
        if page.after is None:
            return
        if page.after in seen:
            raise ContractBroken("the archived list's cursor repeats")
        seen.add(cursor := page.after)


def _pipeline(object_type: str, item: WirePipeline) -> Pipeline:
    return Pipeline(
        object_type=object_type,
        id=item.id,
        label=item.label,
        display_order=item.display_order,
        archived=item.archived,
        stages=tuple(_stage(stage) for stage in item.stages),
    )


def _stage(stage: WireStage) -> PipelineStage:
    """Metadata values are strings; a ticket's stage has no probability."""
    closed = stage.metadata.get("isClosed")
    return PipelineStage(
        id=stage.id,
        label=stage.label,
        display_order=stage.display_order,
        probability=_decimal(stage.metadata.get("probability")),
        is_closed=None if closed is None else closed == "true",
        archived=stage.archived,
    )


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
