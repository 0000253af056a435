"""Property definitions to columns."""

import hashlib
from collections.abc import Sequence

from ontologie.connectors.hubspot.records import reader_of
from ontologie.connectors.hubspot.wire import PropertyList, WireProperty
from ontologie.model.schema import ColumnType, ObjectSchema, Property, column_name

_TYPES = {
    "string": ColumnType.TEXT,
    "phone_number": ColumnType.TEXT,
    "number": ColumnType.NUMERIC,
    "bool": ColumnType.BOOLEAN,
    "date": ColumnType.DATE,
    "datetime": ColumnType.TIMESTAMPTZ,
    "enumeration": ColumnType.TEXT,
    "json": ColumnType.JSONB,
    "object_coordinates": ColumnType.TEXT,
}

_read = reader_of(PropertyList)
_DIGEST_BYTES = 16
_WAY_OF_READING = b"1"
"""To be raised when the same answer is to become other columns."""


class PropertyAnswer:
    """One answer with definitions. Most say what they said an hour ago, and to read them is dear beside all else that
    an idle run does: an answer whose digest is ``known`` is read only when somebody wants it.

    Raises msgspec's errors for an answer that cannot be read; a known one could be.
    """

    def __init__(self, body: bytes, known: Sequence[bytes] = ()) -> None:
        self._body = body
        self.digest = _digest(body)
        self._properties = None if self.digest in known else _read(body).results

    def properties(self) -> tuple[WireProperty, ...]:
        if self._properties is None:
            self._properties = _read(self._body).results
        return self._properties


def digests(fingerprint: bytes) -> tuple[bytes, ...]:
    """The digests of the answers that this fingerprint was made of."""
    starts = range(_DIGEST_BYTES, len(fingerprint), _DIGEST_BYTES)
    return tuple(fingerprint[start : start + _DIGEST_BYTES] for start in starts)


def fingerprint_of(answers: Sequence[PropertyAnswer], excluded: Sequence[str]) -> bytes:
    """Equal when the answers are, byte for byte, and the same properties are left out."""
    rest = _digest(b"\0".join([_WAY_OF_READING, *sorted(name.encode() for name in excluded)]))
    return b"".join([rest, *(answer.digest for answer in answers)])


def _digest(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=_DIGEST_BYTES).digest()


def object_schema(object_type: str, found: Sequence[WireProperty], excluded: Sequence[str]) -> ObjectSchema:
    """The properties to read, by name; archived and excluded ones left out."""
    kept = [_property(item) for item in found if not item.archived and item.name not in excluded]
    return ObjectSchema(object_type=object_type, properties=tuple(sorted(kept, key=lambda item: item.name)))


def _property(item: WireProperty) -> Property:
    options = sorted(item.options, key=lambda option: option.display_order)
    return Property(
        name=item.name,
        label=item.label,
        type=item.type,
        field_type=item.field_type,
        column_name=column_name(item.name),
        column_type=_column_type(item),
        group_name=item.group_name,
        description=item.description,
        calculated=item.calculated,
        custom=not item.hubspot_defined,
        options=tuple((option.value, option.label) for option in options),
    )


def _column_type(item: WireProperty) -> ColumnType:
    """Unknown types are text: nothing is lost, and HubSpot adds types without notice."""
    if item.referenced_object_type == "OWNER":
        return ColumnType.BIGINT
    if item.type == "enumeration" and item.field_type == "checkbox":
        return ColumnType.TEXT_ARRAY
    return _TYPES.get(item.type, ColumnType.TEXT)
