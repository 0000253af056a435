"""Records as JSON bytes: rendered once per set of properties, joined into pages after that."""

from collections.abc import Iterable
from weakref import WeakSet

import msgspec

from hubspot_simulator.clock import iso
from hubspot_simulator.data.definitions import Computed
from hubspot_simulator.store import Block, ObjectStore

encode = msgspec.json.encode
_MAX_PROJECTIONS = 64
_MAX_BYTES = 300_000_000


class Rendered(dict[int, bytes]):
    """Rendered records of one projection, by index."""

    __hash__ = object.__hash__  # type: ignore[assignment]  # a weak set asks for it; identity is meant


class RenderCache:
    """Keeps rendered records of all projections under one bound of bytes; emptied whole when full."""

    def __init__(self) -> None:
        self._left = _MAX_BYTES
        self._spaces: WeakSet[Rendered] = WeakSet()

    def register(self) -> Rendered:
        """A new space for one projection; forgotten with it."""
        space = Rendered()
        self._spaces.add(space)
        return space

    def spend(self, size_bytes: int) -> None:
        """Count a rendered record; empties every space when the bound is passed."""
        self._left -= size_bytes
        if self._left < 0:
            for space in list(self._spaces):
                space.clear()
            self._left = _MAX_BYTES


class Projection:
    """The rendering of one type for one set of properties."""

    def __init__(self, store: ObjectStore, names: Iterable[str], url: str, cache: RenderCache) -> None:
        self._store = store
        wanted = dict.fromkeys((*store.kind.default_properties, *names))
        self.names = tuple(
            name for name in wanted if name in store.properties and store.properties[name].archived_ms is None
        )
        self._url = url
        self._cache = cache
        self._rendered = cache.register()
        self._version = store.version
        self._computed: list[tuple[bytes, Computed]] = []
        self._blocks: list[tuple[Block, list[bytes]]] = []
        self._rest = b""
        self._prepare()

    def _prepare(self) -> None:
        store = self._store
        by_block: dict[int, list[str]] = {}
        nulls: list[str] = []
        for name in self.names:
            column = store.computed.get(name)
            if column is not None:
                self._computed.append((encode(name) + b":", column))
            elif name in store.block_of:
                by_block.setdefault(store.blocks.index(store.block_of[name]), []).append(name)
            else:
                nulls.append(name)
        for number, names in by_block.items():
            block = store.blocks[number]
            tables = [[encode(name) + b":" + encode(value) for value in block.tables[name]] for name in names]
            self._blocks.append((block, [b",".join(row) for row in zip(*tables, strict=True)]))
        self._rest = b"".join(b"," + encode(name) + b":null" for name in nulls)

    def records(self, indices: Iterable[int]) -> list[bytes]:
        """Each record as a JSON object, in the order asked for."""
        if self._version != self._store.version:
            self._forget_changed()
        rendered = self._rendered
        found = []
        for index in indices:
            record = rendered.get(index)
            if record is None:
                record = self._render(index)
                self._cache.spend(len(record) + 120)
                rendered[index] = record
            found.append(record)
        return found

    def _forget_changed(self) -> None:
        # Altered records are rendered afresh when anything changed: they are few beside the generated ones.
        self._version = self._store.version
        rendered = self._rendered
        for index in self._store.altered:
            rendered.pop(index, None)

    def _render(self, index: int) -> bytes:
        store = self._store
        object_id = str(store.ids.of(index)).encode()
        parts = [b'{"id":"', object_id, b'","properties":{', self._properties(index), b'},"createdAt":"']
        parts += [iso(store.created_ms(index)).encode(), b'","updatedAt":"', iso(store.modified_ms(index)).encode()]
        altered = store.altered.get(index)
        if altered is not None and altered.archived_ms is not None:
            parts += [b'","archived":true,"archivedAt":"', iso(altered.archived_ms).encode()]
            parts += [b'","url":"', self._url.encode(), object_id, b'"}']
        else:
            parts += [b'","archived":false,"url":"', self._url.encode(), object_id, b'"}']
        return b"".join(parts)

    def _properties(self, index: int) -> bytes:
        store = self._store
        if index in store.altered:
            return encode({name: store.value(index, name) for name in self.names})[1:-1]
        parts = [key + encode(column.value(index)) for key, column in self._computed]
        parts += [rows[block.row(index)] for block, rows in self._blocks]
        return b",".join(parts) + self._rest


class Projections:
    """The projections of one type, the least recently asked for dropped first."""

    def __init__(self, store: ObjectStore, portal_id: int, cache: RenderCache) -> None:
        self._store = store
        self._url = f"https://app-eu1.hubspot.com/contacts/{portal_id}/record/{store.kind.type_id}/"
        self._cache = cache
        self._known: dict[tuple[str, ...], Projection] = {}
        self._definitions = store.definitions_version

    def of(self, names: tuple[str, ...]) -> Projection:
        """The projection for the properties asked for (the default ones are always added)."""
        if self._definitions != self._store.definitions_version:
            self._known.clear()
            self._definitions = self._store.definitions_version
        projection = self._known.pop(names, None)
        if projection is None:
            projection = Projection(self._store, names, self._url, self._cache)
            if len(self._known) >= _MAX_PROJECTIONS:
                self._known.pop(next(iter(self._known)))
        self._known[names] = projection
        return projection
