"""Records that are wider than a row of PostgreSQL: about 8 kB, of which a long text still takes 18 bytes."""

from datetime import date, datetime
from typing import Any

import msgspec
import pyarrow as pa

from ontologie.model.conformed import Conformed
from ontologie.model.schema import MORE, ObjectSchema
from ontologie.store import wire

_ROOM_BYTES = 6_500
"""Of 8,160, less our own columns, the map of nulls and the gaps between columns."""
_LONG_BYTES = 24
"""What a value takes once it is stored apart, aligned."""


def narrowed(conformed: Conformed, schema: ObjectSchema) -> Conformed:
    """The one record with those of its values in ``_more``, as HubSpot's text, that a row has no room for."""
    [row] = conformed.batch.to_pylist()
    room = _ROOM_BYTES
    moved: dict[str, str] = {}
    for item in schema.with_columns():
        value = row[item.column_name]
        if value is None:
            continue
        room -= _size(value)
        if room < 0:
            moved[item.name] = _text(value)
            row[item.column_name] = None
    more = {**msgspec.json.decode(row[MORE] or "{}"), **moved}
    row[MORE] = msgspec.json.encode(more).decode()
    batch = pa.RecordBatch.from_pylist([row], schema=conformed.batch.schema)
    return Conformed(batch=batch, wire=wire.sendable(batch, schema), rejected_values=conformed.rejected_values)


def _size(value: Any) -> int:
    """Bytes in the row, at most."""
    if isinstance(value, str):
        return min(len(value.encode()) + 4, _LONG_BYTES)
    return _LONG_BYTES if isinstance(value, list) else 8


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value.isoformat(timespec='milliseconds')}Z"
    if isinstance(value, date):
        return value.isoformat()
    return ";".join(value) if isinstance(value, list) else str(value)
