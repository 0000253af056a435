"""Raw strings to typed columns. What does not cast goes to its row's rejected values; the row always loads."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ontologie.model.conformed import Conformed
from ontologie.model.record import Record
from ontologie.model.schema import MORE, ColumnType, ObjectSchema, Property
from ontologie.model.texts import storable
from ontologie.model.values import Shape
from ontologie.store import wire

Values = Sequence[str | None]
Column: TypeAlias = "pa.Array[pa.Scalar[pa.DataType]]"

_TIMESTAMP = pa.timestamp("us")
_UTC = pa.timestamp("us", "UTC")
_NUMBER = re.compile(r"[+-]?(\d{1,1000}(\.\d{0,1000})?|\.\d{1,1000})([eE][+-]?\d{1,3})?", re.ASCII)
_PLAIN_NUMBER = r"^-?[0-9]{1,100}(\.[0-9]{1,100})?$"
_PLAIN_INTEGER = r"^-?[0-9]{1,18}$"
_ODD_CHOICES = r"^$|;;|;$|\x00"
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_MILLISECONDS = re.compile(r"-?\d{11,14}", re.ASCII)
"""Ten digits are seconds as likely (hubspot-api.md, 11): a moment of today, or one of spring 1970. We do not guess."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encode = msgspec.json.Encoder().encode


def conform(records: Sequence[Record], schema: ObjectSchema, synced_at: datetime) -> Conformed:
    """The records as typed columns, and as they are sent. To be done in a thread, while an earlier batch is stored."""
    batch, rejected_values = typed(records, schema, synced_at)
    return Conformed(batch=batch, wire=wire.sendable(batch, schema), rejected_values=rejected_values)


def typed(
    records: Sequence[Record], schema: ObjectSchema, synced_at: datetime
) -> tuple[pa.RecordBatch, tuple[int, ...]]:
    """One Arrow batch: ours first (``id``, ``_created_at`` …), then a column per property; and each record's number
    of rejected values.

    Numbers and JSON stay checked text, for PostgreSQL to cast exactly. An empty string is a value in a text column
    and nothing in any other.
    """
    rejected: list[dict[str, str]] = [{} for _ in records]
    shape = Shape(schema.property_names())
    rows = [shape.row(record.properties) for record in records]
    values = list(zip(*rows, strict=True)) if rows else [()] * len(schema.properties)
    held = dict(zip(schema.property_names(), values, strict=True))
    columns = [_typed(item, held[item.name], rejected) for item in schema.properties if not item.in_more]
    # What an outgoing column cannot hold is no news: the new one is there for it.
    columns += [_typed(item, held[item.name], [{} for _ in records]) for item in schema.outgoing]
    names = [item.column_name for item in schema.with_columns()]
    more = _more(records, [item.name for item in schema.properties if item.in_more], rejected)
    ours = {**_ours(records, synced_at, rejected), MORE: pa.array(more, pa.string())}
    batch = pa.RecordBatch.from_arrays([*ours.values(), *columns], names=[*ours, *names])
    return batch, tuple(len(found) for found in rejected)


def _more(
    records: Sequence[Record], names: Sequence[str], rejected: Sequence[dict[str, str]]
) -> list[str | None]:
    """The present values of the properties without a column, as one JSON object a record."""
    found: list[str | None] = []
    for row, record in enumerate(records):
        present = {name: value for name in names if (value := record.properties.get(name)) is not None}
        for name in [name for name, value in present.items() if value != storable(value)]:
            rejected[row][name] = storable(present.pop(name))
        found.append(_encode(present).decode() if present else None)
    return found


def _ours(records: Sequence[Record], synced_at: datetime, rejected: Sequence[dict[str, str]]) -> dict[str, Column]:
    return {
        "id": pa.array([record.id for record in records], pa.int64()),
        "_created_at": _moments([record.created_at for record in records]),
        "_updated_at": _moments([record.updated_at for record in records]),
        "_archived_at": _moments([record.archived_at for record in records]),
        "_synced_at": _moments([synced_at] * len(records)),
        "_rejected": pa.array([_rejections(found) for found in rejected], pa.string()),
    }


def _rejections(found: dict[str, str]) -> str | None:
    return _encode({name: storable(value) for name, value in found.items()}).decode() if found else None


def _moments(moments: Sequence[datetime | None]) -> Column:
    return pc.cast(pa.array(moments, _UTC), _TIMESTAMP)


def _typed(item: Property, values: Values, rejected: Sequence[dict[str, str]]) -> Column:
    """One property's column; the whole column at once where all values cast, value by value where one does not."""
    if item.column_type is ColumnType.TEXT:
        return _text(item, values, rejected)
    convert, arrow_type = _CONVERSIONS[item.column_type]
    if item.column_type in _VECTORISED:
        try:
            return _VECTORISED[item.column_type](values)
        except (pa.ArrowInvalid, ValueError):
            pass  # one value at least does not cast; find out which
    column: list[object] = []
    for row, value in enumerate(values):
        if value is None or value == "":
            column.append(None)
            continue
        try:
            column.append(convert(value))
        except (ValueError, OverflowError, RecursionError):
            column.append(None)
            rejected[row][item.name] = value
    return pa.array(column, arrow_type)


def _text(item: Property, values: Values, rejected: Sequence[dict[str, str]]) -> Column:
    """Text as it is. PostgreSQL holds no NUL: such a value is rejected, with the NUL shown as U+2400."""
    try:
        column = pa.array(values, pa.string())
    except (UnicodeEncodeError, pa.ArrowInvalid):  # a lone surrogate
        column = None
    if column is not None and not pc.any(pc.match_substring(column, "\x00"), min_count=0).as_py():
        return column
    kept: list[str | None] = []
    for row, value in enumerate(values):
        shown = None if value is None else storable(value)
        if shown is not None and shown != value:
            rejected[row][item.name] = shown
            shown = None
        kept.append(shown)
    return pa.array(kept, pa.string())


def _number(value: str) -> str:
    if not _NUMBER.fullmatch(value.strip()):
        raise ValueError(value)
    return value.strip()


def _integer(value: str) -> int:
    if not _INTEGER.fullmatch(value):
        raise ValueError(value)
    return int(value)


def _boolean(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError(value)
    return value == "true"


def _moment(value: str) -> datetime:
    """ISO, or milliseconds since 1970 (both are seen on the wire)."""
    if _MILLISECONDS.fullmatch(value):
        return (_EPOCH + timedelta(milliseconds=int(value))).replace(tzinfo=None)
    moment = datetime.fromisoformat(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None)


def _day(value: str) -> int:
    """Days since 1970 of a date: ``YYYY-MM-DD``, or midnight UTC in milliseconds or as ISO."""
    moment = _moment(value)
    if moment.hour or moment.minute or moment.second or moment.microsecond:
        raise ValueError(value)
    return (moment.date() - _EPOCH.date()).days


def _many(value: str) -> list[str]:
    """The choices of a multiple enumeration; HubSpot separates by ``;`` and may lead with one."""
    if value != storable(value):
        raise ValueError(value)
    return [choice for choice in value.split(";") if choice]


def _json(value: str) -> str:
    if "\\u0000" in value or "\x00" in value:
        raise ValueError(value)
    msgspec.json.decode(value)
    return value


def _moments_at_once(values: Values) -> Column:
    """Arrow's own parser, for the ISO form with ``Z`` that nearly every value has."""
    text = pa.array([value or None for value in values], pa.string())
    moments = pc.cast(pc.cast(text, _UTC), _TIMESTAMP)
    _check_years(moments)
    return moments


def _days_at_once(values: Values) -> Column:
    days = pc.cast(pa.array([value or None for value in values], pa.string()), pa.date32())
    _check_years(days)
    return days


def _check_years(moments: Any) -> None:  # Arrow's stubs have no name for "dates or moments"
    """Arrow knows a year zero, Python and the calendar do not."""
    first = pc.min(pc.year(moments)).as_py()
    if first is not None and first < 1:
        raise ValueError("a year before the first")


def _numbers_at_once(values: Values, form: str = _PLAIN_NUMBER) -> Column:
    """The plain form that nearly every number has; any other is looked at one by one."""
    text = pa.array([value or None for value in values], pa.string())
    if not pc.all(pc.match_substring_regex(text, form), min_count=0).as_py():
        raise ValueError("not all are plain numbers")
    return text


def _integers_at_once(values: Values) -> Column:
    return pc.cast(_numbers_at_once(values, _PLAIN_INTEGER), pa.int64())


def _booleans_at_once(values: Values) -> Column:
    known: dict[str | None, bool | None] = {"true": True, "false": False, "": None, None: None}
    try:
        return pa.array([known[value] for value in values], pa.bool_())
    except KeyError as error:
        raise ValueError(str(error)) from None


def _many_at_once(values: Values) -> Column:
    """Where each value is choices with one ``;`` between them, and perhaps one before."""
    text = pc.utf8_ltrim(pa.array([value or None for value in values], pa.string()), ";")
    if pc.any(pc.match_substring_regex(text, _ODD_CHOICES), min_count=0).as_py():
        raise ValueError("not all are plain choices")
    return pc.split_pattern(text, ";")


_VECTORISED: dict[ColumnType, Callable[[Values], Column]] = {
    ColumnType.NUMERIC: _numbers_at_once,
    ColumnType.BIGINT: _integers_at_once,
    ColumnType.TIMESTAMPTZ: _moments_at_once,
    ColumnType.DATE: _days_at_once,
    ColumnType.BOOLEAN: _booleans_at_once,
    ColumnType.TEXT_ARRAY: _many_at_once,
}
_CONVERSIONS: dict[ColumnType, tuple[Callable[[str], object], pa.DataType]] = {
    ColumnType.NUMERIC: (_number, pa.string()),
    ColumnType.BIGINT: (_integer, pa.int64()),
    ColumnType.BOOLEAN: (_boolean, pa.bool_()),
    ColumnType.DATE: (_day, pa.date32()),
    ColumnType.TIMESTAMPTZ: (_moment, _TIMESTAMP),
    ColumnType.TEXT_ARRAY: (_many, pa.list_(pa.string())),
    ColumnType.JSONB: (_json, pa.string()),
}
