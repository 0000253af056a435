"""A table's rows as typed Arrow batches, streamed: COPY as CSV, read by Arrow's own parser.

Memory holds one batch, whatever the table's size. Everything here blocks: it is for threads and for programs that have
no event loop. Measured against the alternatives in docs/adr/0008-reading-is-copy-as-csv.md.
"""

import contextlib
import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import psycopg
import pyarrow
import pyarrow.compute
import pyarrow.csv
from psycopg import sql

from ontologie.database.pool import translated
from ontologie.model.schema import ColumnType
from ontologie.model.selection import Selection
from ontologie.store.selecting import OUR_COLUMNS, Table, condition, sort_key

pa: Any = pyarrow  # the stubs give most kernels a type that no other one takes
_BATCH_BYTES = 4_000_000
_BATCH_RECORDS = 20_000
_MOST_DIGITS = 38
"""What Arrow's decimal128 holds, and with it Parquet, DuckDB and polars."""


class Numbers(enum.Enum):
    """How ``numeric`` columns are read."""

    EXACT = "exact"
    """As decimals with the digits that the values have; as text where those are more than 38."""
    FLOAT = "float"
    TEXT = "text"


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Which columns of which rows, in which order. Without a selection: the live rows, by id."""

    table: Table
    columns: tuple[str, ...]
    selection: Selection = Selection(order="id", descending=False)
    limit: int | None = None

    @property
    def kinds(self) -> Mapping[str, ColumnType]:
        """The types of the columns. Raises UsageError (COLUMN_UNKNOWN)."""
        return {name: self.table.kind(name) for name in self.columns}

    def statement(self) -> sql.Composed:
        """Raises UsageError (COLUMN_UNKNOWN, FILTER_MALFORMED)."""
        direction = sql.SQL("DESC" if self.selection.descending else "ASC")
        parts = [
            # HubSpot separates choices by ";": none of them holds one.
            sql.SQL("array_to_string({}, ';')" if kind is ColumnType.TEXT_ARRAY else "{}").format(sql.Identifier(name))
            for name, kind in self.kinds.items()
        ]
        return sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY ({}) {} NULLS LAST, id {} LIMIT {}").format(
            sql.SQL(", ").join(parts),
            self.table.name,
            condition(self.table, self.selection),
            sort_key(self.table, self.selection.order),
            direction,
            direction,
            sql.Literal(self.limit),
        )


def schemas(connection: psycopg.Connection) -> list[str]:
    """The schemas that hold a source."""
    with translated():
        rows = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE obj_description(oid, 'pg_namespace') LIKE 'ontologie store %'"
            " AND has_schema_privilege(oid, 'USAGE') ORDER BY nspname"
        ).fetchall()
    return [str(row[0]) for row in rows]


def tables(connection: psycopg.Connection, schema_name: str, *, time_zone: str) -> dict[str, Table]:
    """The tables of records in a source's schema, by name."""
    with translated():
        rows = connection.execute(
            sql.SQL(
                "SELECT object_type, json_object_agg(column_name,"
                " CASE column_name WHEN '_more' THEN 'jsonb' ELSE column_type END ORDER BY name) FROM {}"
                " WHERE NOT archived GROUP BY object_type ORDER BY object_type"
            ).format(sql.Identifier(schema_name, "properties"))
        ).fetchall()
    return {
        name: Table(
            schema_name=schema_name,
            object_type=name,
            columns={**OUR_COLUMNS, **{column: ColumnType(kind) for column, kind in columns.items()}},
            time_zone=time_zone,
        )
        for name, columns in rows
    }


@contextlib.contextmanager
def snapshot(url: str) -> Iterator[psycopg.Connection]:
    """A connection whose queries all see one moment, and change nothing.

    Closed at the end, not rolled back: that waits for rows which a reader that failed will never fetch.
    """
    options = "-c timezone=UTC -c datestyle=ISO"
    with translated(), contextlib.closing(psycopg.connect(url, options=options, connect_timeout=5)) as made:
        made.read_only = True
        made.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield made


def read(
    connection: psycopg.Connection, query: Query, *, numbers: Numbers = Numbers.EXACT
) -> pyarrow.RecordBatchReader:
    """The rows, read as they are asked for."""
    with translated():
        kinds = query.kinds
        types = {name: _TYPES[kind] for name, kind in kinds.items()}
        types |= _number_types(connection, query, [n for n, k in kinds.items() if k is ColumnType.NUMERIC], numbers)
        schema = pa.schema(list(types.items()))
        statement = sql.SQL("COPY ({}) TO STDOUT WITH (FORMAT CSV)").format(query.statement())
    reader: pyarrow.RecordBatchReader = pa.RecordBatchReader.from_batches(
        schema, _batches(connection, statement, schema)
    )
    return reader


def count(connection: psycopg.Connection, query: Query) -> int:
    """How many rows there are to read."""
    where = condition(query.table, query.selection)
    with translated():
        row = connection.execute(
            sql.SQL("SELECT count(*) FROM {} WHERE {}").format(query.table.name, where)
        ).fetchone()
    return int(row[0]) if row else 0


def _batches(connection: psycopg.Connection, statement: sql.Composed, schema: Any) -> Iterator[Any]:
    with translated(), connection.cursor() as cursor, cursor.copy(statement) as copy:
        rows: list[bytes] = []
        size = 0
        for row in copy:  # one message is one row
            rows.append(bytes(row))
            size += len(row)
            if size >= _BATCH_BYTES or len(rows) >= _BATCH_RECORDS:
                yield _parsed(b"".join(rows), schema)
                rows, size = [], 0
        if rows:
            yield _parsed(b"".join(rows), schema)


def _parsed(text: bytes, schema: Any) -> Any:
    """One record batch of these lines."""
    csv: Any = pyarrow.csv
    raw = [(field.name, field.type if _parses(field.type) else pa.string()) for field in schema]
    options = csv.ConvertOptions(
        column_types=dict(raw),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
    )
    table = csv.read_csv(
        pa.py_buffer(text),
        read_options=csv.ReadOptions(
            column_names=[name for name, _ in raw], use_threads=False, block_size=len(text) + 1
        ),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=options,
    ).combine_chunks()
    arrays = [_cast(column.chunk(0), field.type) for column, field in zip(table.columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _parses(kind: Any) -> bool:
    return not (pa.types.is_decimal(kind) or pa.types.is_list(kind))


def _cast(column: Any, kind: Any) -> Any:
    if pa.types.is_decimal(kind):
        return column.cast(kind)
    if not pa.types.is_list(kind):
        return column
    compute: Any = pyarrow.compute
    lists = compute.split_pattern(column, ";")
    empty = compute.equal(column, "")
    if not compute.any(empty, min_count=0).as_py():
        return lists
    return pa.array([[] if value == [""] else value for value in lists.to_pylist()], kind)


_TYPES: Mapping[ColumnType, Any] = {
    ColumnType.TEXT: pa.string(),
    ColumnType.NUMERIC: pa.string(),
    ColumnType.BIGINT: pa.int64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATE: pa.date32(),
    ColumnType.TIMESTAMPTZ: pa.timestamp("us", "UTC"),
    ColumnType.TEXT_ARRAY: pa.list_(pa.string()),
    ColumnType.JSONB: pa.string(),
}


def _number_types(
    connection: psycopg.Connection, query: Query, columns: Sequence[str], numbers: Numbers
) -> dict[str, Any]:
    """The Arrow type of each numeric column; exact ones have as many digits as their values."""
    if not columns or numbers is Numbers.TEXT:
        return {}
    if numbers is Numbers.FLOAT:
        return dict.fromkeys(columns, pa.float64())
    measures = [
        sql.SQL("max(scale(trim_scale({0}))), max(length(trunc(abs({0}))::text))").format(sql.Identifier(name))
        for name in columns
    ]
    row = connection.execute(
        sql.SQL("SELECT {} FROM {} WHERE {}").format(
            sql.SQL(", ").join(measures), query.table.name, condition(query.table, query.selection)
        )
    ).fetchone()
    found = [0 if value is None else int(value) for value in row or ()]
    pairs = zip(columns, found[::2], found[1::2], strict=True)
    return {
        name: pa.decimal128(_MOST_DIGITS, scale) if whole + scale <= _MOST_DIGITS else pa.string()
        for name, scale, whole in pairs
    }
