"""Typed columns as pgpq can send them: numbers and JSON in PostgreSQL's binary form, the others as they are.

COPY carries no types, only each value's bytes, so a column of ``bytes`` fills any column whose ``_recv`` reads them.
"""

import pyarrow as pa
import pyarrow.compute as pc

from ontologie.model.schema import ColumnType, ObjectSchema
from ontologie.store.numerics import Array, binary_numbers

OURS = (
    ("id", "bigint"),
    ("_created_at", "timestamptz"),
    ("_updated_at", "timestamptz"),
    ("_archived_at", "timestamptz"),
    ("_synced_at", "timestamptz"),
    ("_rejected", "jsonb"),
    ("_more", "jsonb"),
)
"""The columns of ours that a load fills, before those of the properties."""
_JSONB_VERSION = b"\x01"
"""What ``jsonb_recv`` wants before the text."""


def columns(schema: ObjectSchema) -> list[tuple[str, str]]:
    """(name, type in PostgreSQL) of all columns that a load fills, in the order of a conformed batch."""
    return [*OURS, *((item.column_name, item.column_type.value) for item in schema.with_columns())]


def sendable(typed: pa.RecordBatch, schema: ObjectSchema) -> pa.RecordBatch:
    """The columns of ``sync.conform`` as they are sent."""
    arrays = [_sendable(column, kind) for column, (_, kind) in zip(typed.columns, columns(schema), strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names=typed.schema.names)


def _sendable(column: Array, kind: str) -> Array:
    if kind == ColumnType.NUMERIC:
        return binary_numbers(column)
    if kind == ColumnType.JSONB:
        version: Array = pa.scalar(_JSONB_VERSION, pa.binary())
        return pc.binary_join_element_wise(version, column.cast(pa.binary()), b"")
    return column
