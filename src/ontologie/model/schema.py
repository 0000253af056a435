"""Object types, their properties, and how a property becomes a column."""

import enum
import hashlib
import re

import msgspec

MAX_IDENTIFIER_BYTES = 63
"""PostgreSQL cuts longer names silently (NAMEDATALEN - 1)."""


class ColumnType(enum.StrEnum):
    """The PostgreSQL type of a column, by its SQL name."""

    TEXT = "text"
    NUMERIC = "numeric"
    BIGINT = "bigint"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMPTZ = "timestamptz"
    TEXT_ARRAY = "text[]"
    JSONB = "jsonb"


MORE = "_more"
"""The jsonb column of the properties that have no column of their own, as HubSpot's text."""


class Property(msgspec.Struct, frozen=True, kw_only=True):
    """A property's definition as the portal gives it, and the column it is kept in."""

    name: str
    label: str
    type: str
    field_type: str
    column_name: str
    column_type: ColumnType
    group_name: str = ""
    description: str = ""
    calculated: bool = False
    custom: bool = False
    archived: bool = False
    options: tuple[tuple[str, str], ...] = ()
    """(value, label) pairs of an enumeration, in display order."""

    @property
    def in_more(self) -> bool:
        """It has no column of its own."""
        return self.column_name == MORE


class ObjectSchema(msgspec.Struct, frozen=True, kw_only=True):
    """An object type with the properties that are read from it."""

    object_type: str
    """The plural name, also the table's name: ``contacts``."""
    properties: tuple[Property, ...]
    outgoing: tuple[Property, ...] = ()
    """Retyped properties as they were: their columns are kept up under the known names until the new ones are
    filled. Empty for readers."""

    def with_columns(self) -> tuple[Property, ...]:
        """The properties that have a column of their own, the outgoing ones last."""
        return (*(item for item in self.properties if not item.in_more), *self.outgoing)

    def column_types(self) -> dict[str, ColumnType]:
        """The columns by name, the one of those without a column among them where there are any."""
        found = {item.column_name: item.column_type for item in self.with_columns()}
        return {**found, MORE: ColumnType.JSONB} if any(item.in_more for item in self.properties) else found

    def property_names(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.properties)


_TAKEN = re.compile(r"(id|tableoid|xmin|cmin|xmax|cmax|ctid)(_property)*")
"""``id`` is ours, the others PostgreSQL's; with the suffix, so that no two properties meet."""


def column_name(property_name: str) -> str:
    """The column a property is kept in: its own name, except taken ones (``id``) and names over 63 bytes.

    A taken name gets ``_property`` at its end. A long name keeps its first 54 bytes and gets a hash, so that two long
    names never meet.
    """
    if _TAKEN.fullmatch(property_name):
        return f"{property_name}_property"
    encoded = property_name.encode()
    if len(encoded) <= MAX_IDENTIFIER_BYTES:
        return property_name
    digest = hashlib.sha256(encoded).hexdigest()[:8]
    return f"{encoded[:54].decode(errors='ignore')}_{digest}"


def schema_name(connector: str, source_name: str) -> str:
    """The PostgreSQL schema of a source: ``hubspot_acme``."""
    return f"{connector}_{re.sub(r'[^a-z0-9]+', '_', source_name.lower()).strip('_')}"
