"""Which properties get a column: all, until a table is full; the rest share ``_more``."""

from collections.abc import Mapping

import msgspec

from ontologie.model.schema import MORE, ObjectSchema, Property, column_name

MOST_COLUMNS = 1_500
"""PostgreSQL bears 1,600 columns, dropped ones included; ours and a few retyped ones need room."""


FILLING = "_next__"


def filling_column(column: str) -> str:
    """Where a retyped property is kept until it is filled and gets its name: ``_next__amount``."""
    return column_name(f"{FILLING}{column}")


def placed(
    schema: ObjectSchema, known: ObjectSchema | None, columns: Mapping[str, str], *, used: int
) -> ObjectSchema:
    """The schema with the place of each property. One that has a place keeps it; a retyped one needs a new column.

    ``columns`` are the table's, by name with their type; ``used`` counts those that were dropped too.
    """
    before = {item.name: item for item in known.properties} if known else {}
    room = MOST_COLUMNS - used
    places: dict[str, str] = {}
    for item in sorted(schema.properties, key=_rank):
        was = before.get(item.name)
        if was is not None and was.in_more:
            places[item.name] = MORE
        elif item.column_type.value in (columns.get(item.column_name), columns.get(filling_column(item.column_name))):
            places[item.name] = item.column_name
        else:
            places[item.name] = item.column_name if room > 0 else MORE
            room -= 1
    properties = tuple(
        item if places[item.name] == item.column_name else msgspec.structs.replace(item, column_name=MORE)
        for item in schema.properties
    )
    return ObjectSchema(object_type=schema.object_type, properties=properties)


def _rank(item: Property) -> tuple[bool, str]:
    """The properties that people fill first: HubSpot's internal ones are the likeliest never to be filled, but for
    those that our views stand on."""
    internal = item.name.startswith("hs_") and not item.custom and item.name not in _NEEDED
    return internal, item.name


_NEEDED = frozenset(
    ("hs_pipeline", "hs_pipeline_stage", "hs_timestamp", "hs_lastmodifieddate", "hs_email_subject", "hs_call_title",
     "hs_note_body", "hs_task_subject", "hs_meeting_title")
)  # fmt: skip
