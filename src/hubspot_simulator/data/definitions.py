"""Property definitions, as the properties endpoints show them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

Value = str | None
Option = tuple[str, str]  # value, label


class Property(msgspec.Struct, frozen=True, kw_only=True):
    """One property definition; times in milliseconds since 1970."""

    name: str
    label: str
    type: str = "string"
    field_type: str = "text"
    group: str = "information"
    description: str = ""
    options: tuple[Option, ...] = ()
    calculated: bool = False
    hubspot_defined: bool = True
    hidden: bool = False
    unique: bool = False
    external_options: bool = False
    referenced_object_type: str | None = None
    read_only: bool = False
    sensitivity: str = "non_sensitive"
    created_ms: int = 1_577_836_800_000
    updated_ms: int = 1_577_836_800_000
    archived_ms: int | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group of properties."""

    name: str
    label: str
    display_order: int


class Pooled(msgspec.Struct, frozen=True):
    """A column whose values are draws from a pool (repeat a value to make it likelier)."""

    values: tuple[Value, ...]


class Computed(msgspec.Struct, frozen=True):
    """A column whose value is computed from the record's index."""

    value: Callable[[int], Value]


Column = Pooled | Computed


class Blueprint(msgspec.Struct, frozen=True):
    """A property and where its values come from."""

    property: Property
    column: Column


def pooled(name: str, label: str, values: Sequence[Value], **definition: Any) -> Blueprint:
    """A property drawn from a pool."""
    return Blueprint(Property(name=name, label=label, **definition), Pooled(tuple(values)))


def computed(name: str, label: str, value: Callable[[int], Value], **definition: Any) -> Blueprint:
    """A property computed from the index."""
    return Blueprint(Property(name=name, label=label, **definition), Computed(value))


def choice(name: str, label: str, options: Iterable[Option], *, empty: int = 1, **definition: Any) -> Blueprint:
    """An enumeration, null for ``empty`` draws beside one of each option."""
    pairs = tuple(options)
    definition.setdefault("field_type", "select")
    values: tuple[Value, ...] = tuple(value for value, _ in pairs) + (None,) * empty
    return pooled(name, label, values, type="enumeration", options=pairs, **definition)


def flag(
    name: str, label: str, values: Sequence[Value] = ("true", "false", "false", None), **definition: Any
) -> Blueprint:
    """A yes or no."""
    definition.setdefault("field_type", "booleancheckbox")
    return pooled(name, label, values, type="bool", options=(("true", "Yes"), ("false", "No")), **definition)


NUMBER: dict[str, Any] = {"type": "number", "field_type": "number"}
DATE: dict[str, Any] = {"type": "date", "field_type": "date"}
DATETIME: dict[str, Any] = {"type": "datetime", "field_type": "date"}
AREA: dict[str, Any] = {"field_type": "textarea"}
HTML: dict[str, Any] = {"field_type": "html"}
SYSTEM: dict[str, Any] = {"read_only": True}
CALCULATED: dict[str, Any] = {"calculated": True, "read_only": True, "field_type": "calculation_equation"}


def blank(definition: Property) -> Blueprint:
    """A property added later: empty on every record."""
    return Blueprint(definition, Pooled((None,)))
