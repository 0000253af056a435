"""The contract between connector and engine, held at run time: a connector that breaks it stops, and loses nothing."""

import contextlib
from collections.abc import AsyncGenerator, Sequence

from ontologie.errors import ContractBroken
from ontologie.model.checkpoint import Segment, SegmentKind
from ontologie.model.record import Batch
from ontologie.model.schema import ObjectSchema
from ontologie.model.stream import AssociationPair

MOST_RECORDS = 2_000


async def kept(
    batches: AsyncGenerator[Batch, None], segment: Segment, schema: ObjectSchema, pairs: Sequence[AssociationPair]
) -> AsyncGenerator[Batch, None]:
    """The batches of a segment, each looked at before anybody stores it. Raises ContractBroken."""
    done = False
    async with contextlib.aclosing(batches):
        async for batch in batches:
            if done:
                raise ContractBroken(f"{schema.object_type}: a batch after the last one")
            _check(batch, segment, schema.object_type, pairs)
            done = batch.segment.done
            yield batch
    if not done:
        raise ContractBroken(f"{schema.object_type}: the reading ended before its segment was done")


def _check(batch: Batch, segment: Segment, object_type: str, pairs: Sequence[AssociationPair]) -> None:
    if batch.object_type != object_type:
        raise ContractBroken(f"{object_type}: a batch of {batch.object_type}")
    if (batch.segment.key, batch.segment.kind) != (segment.key, segment.kind):
        raise ContractBroken(f"{object_type}: a batch of another segment, {batch.segment.key}")
    if len(batch.records) > MOST_RECORDS:
        raise ContractBroken(f"{object_type}: {len(batch.records)} records in one batch")
    if batch.covered and segment.kind not in (SegmentKind.SWEEP, SegmentKind.ARCHIVED):
        raise ContractBroken(f"{object_type}: only a sweep and the list of deleted records say what they covered")
    ids = {record.id for record in batch.records}
    known = {(pair.from_type, pair.to_type) for pair in pairs}
    for links in batch.link_sets:
        asked = set(links.from_ids)
        if (links.from_type, links.to_type) not in known or not asked <= ids:
            raise ContractBroken(f"{object_type}: links to {links.to_type} that nobody asked for")
        if any(link.from_id not in asked for link in links.links or ()):
            raise ContractBroken(f"{object_type}: a link from a record that was not asked about")
