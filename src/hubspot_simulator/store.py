"""The records of one object type: generated ones, and what happened to them since."""

from collections.abc import Iterable, Iterator

import msgspec

from hubspot_simulator.catalogue import ObjectType
from hubspot_simulator.clock import iso
from hubspot_simulator.data.definitions import Blueprint, Computed, Group, Pooled, Property, Value
from hubspot_simulator.data.source import Source
from hubspot_simulator.modified import ModifiedIndex

_BLOCK_COLUMNS = 16
_PERIODS = (251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311, 313, 317, 331, 337, 347, 349, 353, 359, 367)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One past value of one property."""

    value: Value
    at_ms: int
    source: str


class Altered(msgspec.Struct, kw_only=True):
    """What differs from the generated record; ``blank`` means nothing was generated (created later)."""

    values: dict[str, Value] = {}
    blank: bool = False
    created_ms: int | None = None
    modified_ms: int | None = None
    archived_ms: int | None = None
    merged_into: int | None = None
    purged: bool = False
    history: dict[str, list[Change]] = {}


class Block:
    """Pooled columns that share a period, so that a row of them can be rendered once for all its records."""

    def __init__(self, number: int, columns: dict[str, Pooled], source: Source) -> None:
        self.period = _PERIODS[number % len(_PERIODS)]
        self.step = 1 + source.chance.number(number, 5) % (self.period - 1)
        self.offset = source.chance.number(number, 6) % self.period
        self.tables = {name: source.chance.table(column.values, name, self.period) for name, column in columns.items()}

    def row(self, index: int) -> int:
        """The row of the tables that a record reads."""
        return (index * self.step + self.offset) % self.period


class ObjectStore:
    """All records of one type, by index; the index rises with the id."""

    def __init__(self, source: Source, blueprints: Iterable[Blueprint]) -> None:
        self.source = source
        self.kind: ObjectType = source.kind
        self.ids = source.ids
        self.size = source.count
        self.version = 0
        self.definitions_version = 0
        self.altered: dict[int, Altered] = {}
        self.gone: set[int] = set()
        self.properties: dict[str, Property] = {}
        self.computed: dict[str, Computed] = {}
        self.blocks: list[Block] = []
        self.block_of: dict[str, Block] = {}
        self._lay_out(list(blueprints))
        self.groups: dict[str, Group] = {}
        for definition in self.properties.values():
            self._belong(definition.group)
        self.modified = ModifiedIndex(source.timeline, source.count)

    def _lay_out(self, blueprints: list[Blueprint]) -> None:
        pools: list[tuple[str, Pooled]] = []
        for blueprint in blueprints:
            name, column = blueprint.property.name, blueprint.column
            self.properties[name] = blueprint.property
            if isinstance(column, Computed):
                self.computed[name] = column
            else:
                pools.append((name, column))
        for number, first in enumerate(range(0, len(pools), _BLOCK_COLUMNS)):
            columns = dict(pools[first : first + _BLOCK_COLUMNS])
            block = Block(number, columns, self.source)
            self.blocks.append(block)
            self.block_of.update(dict.fromkeys(columns, block))

    # Reading -----------------------------------------------------------------

    def index(self, object_id: int) -> int | None:
        """The index of an id that was ever given out, or None."""
        index = self.ids.index(object_id)
        return index if index is not None and index < self.size else None

    def live(self, index: int) -> bool:
        """Whether a record is neither archived, merged away nor purged."""
        return index not in self.gone

    def archived(self) -> list[int]:
        """The indices in the recycle bin, in order."""
        return sorted(index for index in self.gone if self.altered[index].archived_ms is not None)

    def created_ms(self, index: int) -> int:
        """When a record was created."""
        altered = self.altered.get(index)
        if altered is not None and altered.created_ms is not None:
            return altered.created_ms
        return self.source.timeline.created_ms(index)

    def modified_ms(self, index: int) -> int:
        """When a record was last modified."""
        altered = self.altered.get(index)
        if altered is not None and altered.modified_ms is not None:
            return altered.modified_ms
        return self.source.timeline.modified_ms(index)

    def generated(self, index: int, name: str) -> Value:
        """The value of a property before anything happened to the record."""
        column = self.computed.get(name)
        if column is not None:
            return column.value(index)
        block = self.block_of.get(name)
        return None if block is None else block.tables[name][block.row(index)]

    def value(self, index: int, name: str) -> Value:
        """The present value of a property; None when the name is unknown."""
        altered = self.altered.get(index)
        if altered is None:
            return self.generated(index, name)
        if name in altered.values:
            return altered.values[name]
        if name == "hs_object_id":
            return str(self.ids.of(index))
        if name == self.kind.created_property:
            return iso(self.created_ms(index))
        if name == self.kind.modified_property:
            return iso(self.modified_ms(index))
        return None if altered.blank else self.generated(index, name)

    def live_indices(self) -> Iterator[int]:
        """Every live index, in order."""
        gone = self.gone
        return (index for index in range(self.size) if index not in gone)

    # Changing ----------------------------------------------------------------

    def alter(self, index: int) -> Altered:
        """The differences of a record, to be changed; call ``touched`` afterwards."""
        altered = self.altered.get(index)
        if altered is None:
            altered = self.altered[index] = Altered()
        return altered

    def touched(self, index: int) -> None:
        """Note that a record's differences changed, so that searches and lists see it."""
        altered = self.altered[index]
        self.version += 1
        self.modified.move(index, self.modified_ms(index))
        if altered.purged or altered.archived_ms is not None or altered.merged_into is not None:
            self.gone.add(index)
        else:
            self.gone.discard(index)

    def append(self, values: dict[str, Value], at_ms: int) -> int:
        """Add a record that holds only these values; returns its index."""
        index = self.size
        self.size += 1
        self.altered[index] = Altered(values=dict(values), blank=True, created_ms=at_ms, modified_ms=at_ms)
        self.touched(index)
        return index

    def define(self, definition: Property) -> None:
        """Add or replace a property definition; its values stay what they were."""
        self.properties[definition.name] = definition
        self._belong(definition.group)
        self.version += 1
        self.definitions_version += 1

    def _belong(self, group: str) -> None:
        label = group.replace("_", " ").capitalize()
        self.groups.setdefault(group, Group(name=group, label=label, display_order=len(self.groups)))
