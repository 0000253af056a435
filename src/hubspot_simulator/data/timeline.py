"""Which id a record has, when it was created and last modified: functions of its index."""

from array import array

from hubspot_simulator.catalogue import ObjectType
from hubspot_simulator.data.chance import Chance

_DAY_MS = 86_400_000
_CREATED_SPAN_MS = 3 * 365 * _DAY_MS
_MODIFIED_SPAN_MS = 2 * 365 * _DAY_MS
_WEYL = 2_654_435_761  # Knuth's multiplicative constant: spreads indices evenly over 32 bits


class Ids:
    """Ids that rise strictly with the index, with gaps, and can be inverted.

    The first hundred or so have one digit less than the following ones, so that whoever
    compares ids as text is found out.
    """

    def __init__(self, kind: ObjectType, salt: int, above: int = 0) -> None:
        self._stride = kind.id_stride
        self._jitter = kind.id_stride - 9
        self._base: int = above + 10**kind.id_digits - 150 * kind.id_stride
        self._salt = salt

    def of(self, index: int) -> int:
        """The id of the record at an index."""
        return self._base + index * self._stride + (index * 40_503 + self._salt) % self._jitter

    def first_at_or_after(self, object_id: int) -> int:
        """The index of the first record whose id is at least ``object_id``."""
        index = (object_id - self._base) // self._stride
        if index < 0:
            return 0
        return index if self.of(index) >= object_id else index + 1

    def index(self, object_id: int) -> int | None:
        """The index of exactly this id, or None."""
        index = self.first_at_or_after(object_id)
        return index if self.of(index) == object_id else None


class Timeline:
    """Creation rises with the index over three years; modification falls in the last two."""

    def __init__(self, chance: Chance, count: int, until_ms: int) -> None:
        self._count = count
        self._until_ms = until_ms
        self._start_ms = until_ms - _CREATED_SPAN_MS
        self._step_ms = max(_CREATED_SPAN_MS // max(count, 1), 1)
        self._salt = chance.number(0, 7) & 0xFFFFFFFF

    def created_ms(self, index: int) -> int:
        """When the record was created."""
        return self._start_ms + index * self._step_ms + (index * 40_507 + self._salt) % self._step_ms

    def modified_ms(self, index: int) -> int:
        """When the record was last modified, at or after its creation."""
        since = max(self.created_ms(index), self._until_ms - _MODIFIED_SPAN_MS)
        return since + ((self._until_ms - since) * ((index * _WEYL + self._salt) & 0xFFFFFFFF) >> 32)

    def all_modified_ms(self) -> "array[int]":
        """``modified_ms`` of every generated record, written out once for speed."""
        start, step, salt, until = self._start_ms, self._step_ms, self._salt, self._until_ms
        floor = until - _MODIFIED_SPAN_MS
        moments = array("q", bytes(8 * self._count))
        for index in range(self._count):
            since = start + index * step + (index * 40_507 + salt) % step
            if since < floor:  # noqa: PLR1730 - max() costs a third of this loop's time
                since = floor
            moments[index] = since + ((until - since) * ((index * _WEYL + salt) & 0xFFFFFFFF) >> 32)
        return moments
