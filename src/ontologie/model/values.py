"""A record's values, held small: thousands are in flight at once."""

import operator
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Row = tuple[str | None, ...]


class Values(Mapping[str, str | None]):
    """Values by property, as a row beside names that many records share: an eighth of a dict's room.

    Made by :class:`Shape`, which sees to it that names and row fit.
    """

    __slots__ = ("row", "shape")

    def __init__(self, shape: "Shape", row: Row) -> None:
        self.shape = shape
        self.row = row

    def __getitem__(self, name: str) -> str | None:
        return self.row[self.shape.places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.shape.places)

    def __len__(self) -> int:
        return len(self.row)


class Shape:
    """The names of properties, in an order."""

    def __init__(self, names: Sequence[str]) -> None:
        self.places = {name: place for place, name in enumerate(names)}
        self.names = tuple(self.places)
        self._pick: Any = operator.itemgetter(*self.names) if len(self.names) > 1 else None

    def of(self, values: Mapping[str, str | None]) -> Mapping[str, str | None]:
        """These names' values. Where one is missing, which is not the same as None, the mapping as it is."""
        if self._pick is None:
            return values
        try:
            return Values(self, self._pick(values))
        except KeyError:
            return values

    def row(self, values: Mapping[str, str | None]) -> Row:
        """The values in the order of the names; None for a missing one."""
        if isinstance(values, Values) and values.shape.names == self.names:
            return values.row
        return tuple([values.get(name) for name in self.names])
