"""The spreadsheet of a source: what its tables look like, and their rows a page at a time."""

import base64
import binascii
import enum
import re
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from ontologie.database import sources as source_table
from ontologie.database.pool import Connection
from ontologie.errors import UsageError
from ontologie.model.schema import ColumnType, ObjectSchema, Property
from ontologie.model.selection import Selection
from ontologie.model.source import Source
from ontologie.services import sources
from ontologie.services.context import Context
from ontologie.store import grid, read, tables
from ontologie.store.labels import Labels, value_labels
from ontologie.store.main_columns import MainColumns, main_columns
from ontologie.store.selecting import OUR_COLUMNS, Table

PATIENCE = timedelta(seconds=20)
"""How long a reader's question may take before it is stopped."""
_COUNT_PATIENCE = timedelta(milliseconds=400)
MOST_ROWS = 500
"""In one page."""
_MONEY = re.compile(r"(^|_)(amount|revenue|arr|mrr|acv|tcv|price|cost)(_|$)|annualrevenue|totalrevenue|total_revenue")
"""Numbers that are amounts, by the names HubSpot gives them: its API does not always say so."""


class Kind(enum.StrEnum):
    """How a column is shown and filtered."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    ID = "id"
    JSON = "json"


_KINDS = {
    ColumnType.TEXT: Kind.TEXT,
    ColumnType.NUMERIC: Kind.NUMBER,
    ColumnType.BIGINT: Kind.ID,
    ColumnType.BOOLEAN: Kind.YES_NO,
    ColumnType.DATE: Kind.DAY,
    ColumnType.TIMESTAMPTZ: Kind.MOMENT,
    ColumnType.TEXT_ARRAY: Kind.CHOICES,
    ColumnType.JSONB: Kind.JSON,
}


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column. Ours (their names begin with an underscore, or ``id``) have no label: the pages name them."""

    name: str
    kind: Kind
    property: str = ""
    """HubSpot's name, which differs where the column cannot have it."""
    label: str = ""
    group: str = ""
    description: str = ""
    custom: bool = False
    calculated: bool = False
    options: Labels = ()


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A table of a source, as its readers see it."""

    source: Source
    object_type: str
    columns: tuple[Column, ...]
    beside: tuple[Column, ...]
    """Properties for which the table has no room: kept together in one column, and shown with a record only."""
    main: MainColumns
    table: Table

    @property
    def time_zone(self) -> str:
        return self.table.time_zone

    @property
    def currency(self) -> str | None:
        return self.source.account.currency if self.source.account else None

    def column(self, name: str) -> Column:
        """The column of this name. Raises UsageError (COLUMN_UNKNOWN)."""
        for item in self.columns:
            if item.name == name:
                return item
        raise UsageError(name, code="COLUMN_UNKNOWN", column=name)


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """A page of rows. ``after`` asks for the next one; None: there is none."""

    ids: tuple[str, ...]
    rows: tuple[tuple[str | bool | list[str] | None, ...], ...]
    after: str | None


async def sheet(context: Context, source_name: str, object_type: str) -> Sheet | None:
    """What a table looks like; None while it was never synced.

    Raises UsageError (SOURCE_UNKNOWN, TABLE_UNKNOWN).
    """
    source = await source_of_table(context, source_name, object_type)
    async with context.reader.connection() as connection:
        schema = await _schema(connection, source, object_type)
        if schema is None:
            return None
        labels = await value_labels(connection, source.schema_name, schema)
    return _sheet(source, schema, labels)


async def source_of_table(context: Context, source_name: str, object_type: str) -> Source:
    """The source, which has this table. Raises UsageError (SOURCE_UNKNOWN, TABLE_UNKNOWN)."""
    source = await sources.find(context, source_name)
    if object_type not in object_types(context, source):
        raise UsageError(object_type, code="TABLE_UNKNOWN", source=source.name, object_type=object_type[:60])
    return source


def object_types(context: Context, source: Source) -> tuple[str, ...]:
    """The tables of a source, in the order of its streams."""
    streams = context.connectors[source.connector].find_streams(source.streams)
    return tuple(name for stream in streams for name in stream.object_types)


async def records_held(context: Context, source: Source) -> dict[str, source_table.ObjectState]:
    """What each object type of the source said of itself last."""
    async with context.pool.connection() as connection:
        states = await source_table.object_states(connection)
    return {name: state for (source_id, name), state in states.items() if source_id == source.id}


async def rows(
    context: Context, shown: Sheet, selection: Selection, *, columns: Sequence[str], after: str | None, limit: int
) -> Rows:
    """The rows that follow ``after``. Stopped in PostgreSQL too when the caller is cancelled.

    Raises UsageError: FILTER_MALFORMED, COLUMN_UNKNOWN, PAGE_MALFORMED, QUERY_TOO_SLOW.
    """
    place = None if after is None else _place(after)
    async with context.reader.connection() as connection, grid.reading(connection, patience=PATIENCE):
        found = await grid.page(
            connection,
            shown.table,
            selection,
            columns=columns,
            after=place,
            limit=min(max(limit, 1), MOST_ROWS),
        )
    return Rows(ids=found.ids, rows=found.rows, after=None if found.end is None else _token(found.end))


async def count(context: Context, shown: Sheet, selection: Selection) -> grid.Count:
    """How many rows the selection has: exact when that is quick, else estimated and said to be."""
    async with context.reader.connection() as connection:
        return await grid.count(connection, shown.table, selection, patience=_COUNT_PATIENCE)


async def _schema(connection: Connection, source: Source, object_type: str) -> ObjectSchema | None:
    # The schema itself may not be there yet: a source that was added a moment ago.
    if not await read.exists(connection, source.schema_name, object_type):
        return None
    return await tables.read_schema(connection, source.schema_name, object_type)


def _sheet(source: Source, schema: ObjectSchema, labels: dict[str, Labels]) -> Sheet:
    types = {**OUR_COLUMNS, **schema.column_types()}
    ours = tuple(Column(name=name, kind=_KINDS[kind]) for name, kind in OUR_COLUMNS.items())
    return Sheet(
        source=source,
        object_type=schema.object_type,
        columns=(*ours, *(_column(item, labels.get(item.column_name, ())) for item in schema.with_columns())),
        beside=tuple(_column(item, item.options) for item in schema.properties if item.in_more),
        main=main_columns(schema.object_type, types),
        table=Table(
            schema_name=source.schema_name,
            object_type=schema.object_type,
            columns=types,
            time_zone=source.account.time_zone if source.account else "UTC",
            ranks={
                name: tuple(value for value, _ in pairs)
                for name, pairs in labels.items()
                if types[name] is not ColumnType.TEXT_ARRAY
            },
        ),
    )


def _column(item: Property, options: Labels) -> Column:
    kind = _KINDS[item.column_type]
    if options and kind in (Kind.TEXT, Kind.ID):
        kind = Kind.CHOICE
    elif kind is Kind.NUMBER and item.name.endswith("_id"):
        kind = Kind.ID
    elif kind is Kind.NUMBER and _MONEY.search(item.name):
        kind = Kind.MONEY
    return Column(
        name=item.column_name,
        kind=kind,
        property=item.name,
        label=item.label,
        group=item.group_name,
        description=item.description,
        custom=item.custom,
        calculated=item.calculated,
        options=options,
    )


def _token(place: grid.Place) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _place(token: str) -> grid.Place:
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), type=grid.Place)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        raise UsageError("no such place", code="PAGE_MALFORMED") from None
