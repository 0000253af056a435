"""Which properties an object type has: read on their rhythm, or at once when a record tells that they have changed."""

from collections.abc import Sequence

import msgspec

from ontologie.errors import ContractBroken
from ontologie.model.record import Record
from ontologie.model.schema import ObjectSchema, Property
from ontologie.model.stream import AssociationPair
from ontologie.store import indexes, rhythms, tables
from ontologie.store.outset import Outset
from ontologie.sync.work import Slice

LINKS = "links:"
"""What the readings of links are named by."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """The schema to read with, and what is new in it since the store last saw it."""

    schema: ObjectSchema
    fresh: bool = False
    """Asked of the account now, not taken from the store."""
    told: bytes | None = None
    """The fingerprint of what the account said."""
    changed: bool = False
    """The store may have to follow."""
    unlinked: tuple[AssociationPair, ...] = ()
    """Pairs whose links were never asked for: their other end's stream was ticked later."""
    unfilled: bool
    """Some of it was never read for the records that are stored: they must be read again."""


class Definitions:
    """The definitions of one source's object types."""

    def __init__(self, slice_: Slice) -> None:
        self._slice = slice_
        self.linked_anew = False
        """Links of some pair were asked for that never were before: their labels may not be known."""

    async def known(
        self, object_type: str, pairs: Sequence[AssociationPair], outset: Outset, *, now: bool
    ) -> Known:
        """The schema, from the store while it is young enough and nobody asks for it ``now``."""
        stored, readings = outset.schemas.get(object_type), outset.readings
        # What is linked while the other end's stream is not ticked is not asked for.
        links = {_link(pair) for pair in pairs}
        dropped = [each for each in readings if each.startswith(f"{LINKS}{object_type}:") and each not in links]
        if dropped:
            async with self._slice.pool.connection() as connection:
                await rhythms.forget(connection, self._slice.source.schema_name, dropped)
        last = readings.get(_rhythm(object_type))
        unlinked = tuple(pair for pair in pairs if _link(pair) not in readings)
        asked = now or self._slice.run.options.check or self._slice.run.options.full
        # A reading in the future is of a clock that was fast, and must not hold for as long.
        young = last is not None and abs(self._slice.clock.now() - last.at) < self._slice.upkeep.definitions
        if stored is not None and young and not asked:
            return Known(schema=stored, unlinked=unlinked, unfilled=bool(unlinked))
        known = b"" if stored is None or asked or last is None else last.told or b""
        found, told = await self._slice.session.schema_unless(
            object_type,
            self._slice.source.excluded_properties.get(object_type, ()),
            sensitive=self._slice.source.sensitive,
            known=known,
        )
        schema = found or stored
        if schema is None:
            raise ContractBroken("the definitions are said to be known, and none are stored")
        return Known(
            schema=schema,
            fresh=True,
            told=told,
            changed=found is not None,
            unlinked=unlinked,
            unfilled=stored is not None and bool(unlinked or (found and unfilled_properties(stored, found))),
        )

    async def settle(self, known: Known) -> ObjectSchema:
        """Bring the table in step; the schema with the place of each property. What has to be read again for it must
        be written down before."""
        name, object_type, now = self._slice.source.schema_name, known.schema.object_type, self._slice.clock.now()
        if not known.fresh and not known.unlinked:
            return known.schema
        placed: ObjectSchema | None = None
        async with self._slice.pool.connection() as connection:
            if known.changed:
                await tables.ensure_object_table(connection, name, known.schema)
                # Kept up while HubSpot's limits make us wait; made at the end they would take a tenth of a first sync.
                await indexes.ensure_indexes(connection, name, object_type)
                placed = await tables.loading_schema(connection, name, object_type)
            if known.fresh:
                await rhythms.mark(connection, name, _rhythm(object_type), now, known.told)
            self.linked_anew = self.linked_anew or bool(known.unlinked)
            for pair in known.unlinked:
                await rhythms.mark(connection, name, _link(pair), now)
        return placed or known.schema


def unfilled_properties(stored: ObjectSchema, found: ObjectSchema) -> tuple[str, ...]:
    """The properties that are new, back from the archive or from exclusion, or of another type than in the store."""
    types = {item.name: item.column_type for item in stored.properties}
    return tuple(item.name for item in found.properties if types.get(item.name) is not item.column_type)


def tells_of_change(records: Sequence[Record], schema: ObjectSchema) -> bool:
    """Whether these records cannot be of this schema: a choice that is none, or a property they no longer have.

    A property that is defined and empty is sent as null, one that is gone is not sent (hubspot-api.md, section 3).
    Where the portal sends no nulls at all, nothing is known of the missing ones.
    """
    if not records:
        return False
    nulls = any(value is None for record in records for value in record.properties.values())
    return any(
        (nulls and all(item.name not in record.properties for record in records)) or _has_unknown_choice(item, records)
        for item in schema.properties
    )


def _has_unknown_choice(item: Property, records: Sequence[Record]) -> bool:
    if item.type != "enumeration" or not item.options:
        return False
    choices = {value for value, _ in item.options}
    values = {record.properties.get(item.name) for record in records}
    return any(choice not in choices for value in values if value for choice in value.split(";") if choice)


def _rhythm(object_type: str) -> str:
    return f"definitions:{object_type}"


def _link(pair: AssociationPair) -> str:
    return f"{LINKS}{pair.from_type}:{pair.to_type}"
