"""Owners, pipelines with their stages, association labels: as far as the token may read them."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import structlog

from ontologie import tasks
from ontologie.connectors.hubspot import api, streams
from ontologie.connectors.hubspot.api import ObjectsApi
from ontologie.connectors.hubspot.streams import PAIRS
from ontologie.connectors.hubspot.wire import WireLabel, WirePipeline, WireStage
from ontologie.errors import RequestRefused, StreamStopped
from ontologie.httpclient.client import ApiClient
from ontologie.httpclient.request import Priority
from ontologie.model.object_types import Called, is_custom, readable
from ontologie.model.reference import AssociationLabel, Owner, Pipeline, PipelineStage, ReferenceData
from ontologie.model.stream import AssociationPair

log = structlog.get_logger(__name__)


async def reference_data(client: ApiClient, object_types: Sequence[str]) -> ReferenceData:
    """All that records of these types refer to. What the token may not read is None, or not there."""
    async with tasks.beside(
        _pipelines(client, [name for name in object_types if streams.object_type(name).pipelines]),
        _labels(client, [pair for pair in PAIRS if pair.from_type in object_types and pair.to_type in object_types]),
        _called(client, object_types),
    ) as (pipelines, labels, called):
        owners = await _owners(client)
        return ReferenceData(owners=owners, pipelines=await pipelines, labels=await labels, called=await called)


async def own_types(client: ApiClient) -> dict[str, Called]:
    """The account's own object types, and what it calls them. One whose name cannot be a table's goes by its id."""
    found: dict[str, Called] = {}
    for item in await api.custom_objects(client):
        names = (item.fully_qualified_name, item.object_type_id)
        name, labels = next(filter(is_custom, names), None), item.labels
        if name is None:
            log.warning("object_type_left_out", object_type=item.fully_qualified_name)
            continue
        many = labels.plural or readable(item.fully_qualified_name)
        found[name] = Called(one=labels.singular or many, many=many)
    return found


async def _called(client: ApiClient, object_types: Sequence[str]) -> dict[str, Called] | None:
    if not any(map(is_custom, object_types)):
        return None
    try:
        return await own_types(client)
    except (StreamStopped, RequestRefused):
        return None


async def _owners(client: ApiClient) -> tuple[Owner, ...] | None:
    try:
        live, archived = await tasks.together(api.owners(client, archived=False), api.owners(client, archived=True))
    except (StreamStopped, RequestRefused):
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


async def _pipelines(client: ApiClient, object_types: Sequence[str]) -> dict[str, tuple[Pipeline, ...]]:
    found: dict[str, tuple[Pipeline, ...]] = {}
    for object_type in object_types:
        try:
            pipelines = await ObjectsApi(client, object_type, Priority.CHANGES).pipelines()
        except (StreamStopped, RequestRefused) as error:
            log.info("pipelines_not_readable", object_type=object_type, detail=str(error))
        else:
            found[object_type] = tuple(_pipeline(object_type, item) for item in pipelines)
    return found


async def _labels(
    client: ApiClient, pairs: Sequence[AssociationPair]
) -> dict[AssociationPair, tuple[AssociationLabel, ...]]:
    found: dict[AssociationPair, tuple[AssociationLabel, ...]] = {}
    for pair in pairs:
        try:
            labels = await ObjectsApi(client, pair.from_type, Priority.CHANGES).labels(pair.to_type)
        except (StreamStopped, RequestRefused) as error:
            log.info("labels_not_readable", pair=f"{pair.from_type}-{pair.to_type}", detail=str(error))
        else:
            found[pair] = tuple(_label(pair, item) for item in labels)
    return found


def _label(pair: AssociationPair, item: WireLabel) -> AssociationLabel:
    return AssociationLabel(
        from_type=pair.from_type,
        to_type=pair.to_type,
        category=item.category,
        type_id=item.type_id,
        label=item.label,
    )


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
