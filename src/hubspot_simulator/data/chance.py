"""Numbers that look random and are a pure function of seed, type, index and purpose."""

import random
import zlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Chance:
    """A family of numbers for one object type of one seed."""

    def __init__(self, seed: int, name: str) -> None:
        self.seed = seed
        self.name = name
        self._salt = (zlib.crc32(name.encode()) << 32 | (seed * 0x9E3779B1 & 0xFFFFFFFF)) & _MASK

    def number(self, index: int, purpose: int = 0) -> int:
        """64 bits for a record and a purpose (splitmix64's finaliser)."""
        x = (self._salt + index * 0x9E3779B97F4A7C15 + purpose * 0xD1B54A32D192ED03) & _MASK
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB & _MASK
        return x ^ (x >> 31)

    def pick(self, values: Sequence[T], index: int, purpose: int) -> T:
        """One of the values."""
        return values[self.number(index, purpose) % len(values)]

    def table(self, values: Sequence[T], purpose: str, length: int) -> list[T]:
        """``length`` draws from the values, always the same ones for this purpose."""
        draw = random.Random(f"{self.seed}/{self.name}/{purpose}")
        return [values[draw.randrange(len(values))] for _ in range(length)]
