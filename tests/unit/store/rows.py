"""Short ways to say what is stored and what is found."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from psycopg import sql

from ontologie.database.migrate import READER
from ontologie.database.pool import Connection
from ontologie.model.checkpoint import Checkpoint, Segment, SegmentKind
from ontologie.model.record import Aside, Batch, Fates, IdRange, Link, LinkSet, LoadCounts, Merge, Record
from ontologie.model.schema import ColumnType, ObjectSchema, Property, column_name
from ontologie.store import checkpoints, lease, retyping, sweep, tables, views
from ontologie.store.load import load
from ontologie.store.target import LoadTarget
from ontologie.sync.conform import conform

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SWEEP = Segment(kind=SegmentKind.SWEEP, key="sweep", window_from=NOW)


def prop(name: str, kind: ColumnType = ColumnType.TEXT, label: str = "") -> Property:
    return Property(
        name=name,
        label=label or name,
        type="string",
        field_type="text",
        column_name=column_name(name),
        column_type=kind,
    )


def schema_of(*properties: Property | str, object_type: str = "contacts") -> ObjectSchema:
    made = [item if isinstance(item, Property) else prop(item) for item in properties]
    return ObjectSchema(object_type=object_type, properties=tuple(sorted(made, key=lambda item: item.name)))


def record(
    number: int,
    properties: Mapping[str, str | None] | None = None,
    *,
    minutes: float = 0,
    archived_at: datetime | None = None,
) -> Record:
    """A record, last modified so many minutes after NOW."""
    return Record(
        id=number,
        properties=dict(properties or {}),
        created_at=NOW,
        updated_at=NOW + timedelta(minutes=minutes),
        archived_at=archived_at,
    )


class Bench:
    """One source's schema and what a sync does to it."""

    def __init__(self, connection: Connection, schema_name: str) -> None:
        self.connection = connection
        self.schema_name = schema_name
        self.epoch = 0
        self.hard_delete = False

    async def take_lease(self, owner: str = "me") -> None:
        epoch = await lease.acquire(self.connection, self.schema_name, owner=owner, ttl=timedelta(minutes=1))
        assert epoch is not None
        self.epoch = epoch

    async def ensure(self, schema: ObjectSchema) -> None:
        await tables.ensure_object_table(self.connection, self.schema_name, schema)

    def target(self, schema: ObjectSchema, epoch: int | None = None) -> LoadTarget:
        return LoadTarget(
            schema_name=self.schema_name,
            schema=schema,
            epoch=self.epoch if epoch is None else epoch,
            hard_delete=self.hard_delete,
        )

    async def load(
        self,
        schema: ObjectSchema,
        *records: Record,
        link_sets: Sequence[LinkSet] = (),
        merges: Sequence[Merge] = (),
        covered: Sequence[IdRange] = (),
        aside: Sequence[Aside] = (),
        segment: Segment = SWEEP,
        epoch: int | None = None,
    ) -> LoadCounts:
        batch = Batch(
            object_type=schema.object_type,
            records=records,
            link_sets=tuple(link_sets),
            merges=tuple(merges),
            covered=tuple(covered),
            aside=tuple(aside),
            segment=segment,
        )
        conformed = conform(records, schema, NOW)
        return await load(self.connection, self.target(schema, epoch), batch, conformed)

    async def settle(self, schema: ObjectSchema, fates: Fates, *ids: int) -> LoadCounts:
        return await sweep.settle(self.connection, self.target(schema), _settlement(schema, fates, ids))

    async def settle_shown(self, schema: ObjectSchema, fates: Fates, *ids: int) -> tuple[LoadCounts, int]:
        return await sweep.settle_shown(self.connection, self.target(schema), _settlement(schema, fates, ids))

    async def archive(self, schema: ObjectSchema, *records: Record) -> LoadCounts:
        """The account's word that these records, stored as live, were deleted."""
        return await self.settle(schema, Fates(archived=records), *(item.id for item in records))

    async def rebuild_views(self) -> None:
        await views.rebuild(self.connection, self.schema_name, READER)

    async def retype(self, schema: ObjectSchema, *records: Record) -> None:
        """The account has retyped, and all records are read again."""
        await self.ensure(schema)
        loading = await tables.loading_schema(self.connection, self.schema_name, schema.object_type) or schema
        await self.load(loading, *records, segment=msgspec.structs.replace(SWEEP, done=True))
        await retyping.take_over(self.connection, self.target(loading), READER)

    async def checkpoint(self, object_type: str = "contacts") -> Checkpoint:
        found = await checkpoints.read_checkpoints(self.connection, self.schema_name, [object_type])
        return found[object_type]

    async def rows(self, table: str, columns: str = "*", order: str = "1") -> list[dict[str, Any]]:
        statement = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
            sql.SQL(columns), sql.Identifier(self.schema_name, table), sql.SQL(order)
        )
        return await (await self.connection.execute(statement)).fetchall()

    async def drift(self) -> list[tuple[str, str]]:
        """What has changed so far: the property, and how."""
        return [(row["property"], row["change"]) for row in await self.rows("_drift", order="id")]

    async def by_id(self, column: str, table: str = "contacts") -> dict[int, Any]:
        quoted = sql.Identifier(column).as_string(None)
        return {row["id"]: row["value"] for row in await self.rows(table, f"id, {quoted} AS value")}


def _settlement(schema: ObjectSchema, fates: Fates, ids: tuple[int, ...]) -> sweep.Settlement:
    known = (*fates.live, *fates.archived)
    return sweep.Settlement(ids=ids, fates=fates, link_sets=(), conformed=conform(known, schema, NOW))


def links(*pairs: tuple[int, int], asked: Sequence[int], type_id: int = 1) -> LinkSet:
    """The complete links of these contacts to companies."""
    found = tuple(Link(from_id=one, to_id=two, category="HUBSPOT_DEFINED", type_id=type_id) for one, two in pairs)
    return LinkSet(from_type="contacts", to_type="companies", from_ids=tuple(asked), links=found)
