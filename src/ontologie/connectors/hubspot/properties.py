"""Property definitions to columns."""

from collections.abc import Sequence

from ontologie.connectors.hubspot.wire import WireProperty
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
