"""Records as an endpoint shows them: on a bad day some of them are what no client expects."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from hubspot_simulator.store import ObjectStore

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

Record = dict[str, Any]
_MEGABYTE = 1_000_000
_HALF_AN_EMOJI = "~half an emoji~"
_OTHER_TYPES: tuple[Any, ...] = (12.5, True, ["a", {"b": None}], {"a": 1})


def rendered(
    portal: "Portal", family: str, store: ObjectStore, names: Sequence[str], indices: Sequence[int]
) -> list[bytes]:
    """Each record as JSON with these properties."""
    records = portal.projections[store.kind.name].of(tuple(names)).records(indices)
    if not portal.mischief.days.spoilt_records:
        return records
    return [
        _spoilt(store, index, record) if portal.mischief.marks("spoilt_records", family, index) else record
        for index, record in zip(indices, records, strict=True)
    ]


def kind_of(index: int) -> str:
    """In which way a record is spoilt when it is: the same for ever."""
    return tuple(KINDS)[index % len(KINDS)]


def _spoilt(store: ObjectStore, index: int, record: bytes) -> bytes:
    read: Record = msgspec.json.decode(record)
    KINDS[kind_of(index)](store, index, read)
    return msgspec.json.encode(read).replace(_HALF_AN_EMOJI.encode(), b"cut \\ud83d")


def _property(store: ObjectStore, index: int, record: Record, *types: str) -> str | None:
    """One of the record's properties of these types, another one from record to record."""
    ours = {*store.kind.default_properties, *store.kind.search_properties}
    names = [name for name in record["properties"] if name not in ours and store.properties[name].type in types]
    return names[index // len(KINDS) % len(names)] if names else None


def _holding(value: str, *types: str) -> Callable[[ObjectStore, int, Record], None]:
    """Gives a property of one of these types this value."""

    def spoil(store: ObjectStore, index: int, record: Record) -> None:
        name = _property(store, index, record, *types)
        if name is not None:
            record["properties"][name] = value

    return spoil


def _other_types(store: ObjectStore, index: int, record: Record) -> None:
    name = _property(store, index, record, "string", "number", "enumeration")
    if name is not None:
        record["properties"][name] = _OTHER_TYPES[index % len(_OTHER_TYPES)]


def _without(field: str) -> Callable[[ObjectStore, int, Record], None]:
    def spoil(_store: ObjectStore, _index: int, record: Record) -> None:
        del record[field]

    return spoil


def _listed(_store: ObjectStore, _index: int, record: Record) -> None:
    record["properties"] = list(record["properties"])


KINDS: dict[str, Callable[[ObjectStore, int, Record], None]] = {
    "nul": _holding("before\x00after", "string"),
    "half_an_emoji": _holding(_HALF_AN_EMOJI, "string"),
    "number": _holding("1e1000000", "number"),
    "date": _holding("292278995-13-45T00:00:00Z", "datetime", "date"),
    "megabyte": _holding("é" * (_MEGABYTE // 2), "string"),
    "other_types": _other_types,
    "no_dates": _without("createdAt"),
    "no_properties": _listed,
    "no_id": _without("id"),
}
