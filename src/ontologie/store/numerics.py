"""Numbers from checked text to PostgreSQL's binary ``numeric``, exactly, whole columns at once.

The format is that of ``numeric_send`` (src/backend/utils/adt/numeric.c): how many digits of base 10,000, the weight of
the first of them, the sign, how many decimals to show, then the digits. ``numeric_recv`` strips leading and trailing
zeros itself, so all values of a column may be given the same length.
"""

import struct
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute

pc: Any = pyarrow.compute  # the stubs give most kernels a result that no other kernel takes
Array: TypeAlias = Any
Numbers: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"
_BASE = 10_000
_DIGITS = 4
_NEGATIVE = 0x4000
_SCALE = 8
"""Decimals that the quick way can hold: two digits of base 10,000."""


def binary_numbers(text: Array) -> Array:
    """Each number of a string array as PostgreSQL's binary ``numeric``; null stays null.

    Every value must be one that ``sync.conform`` let through; raises ValueError or ArithmeticError for any other.
    """
    try:
        return _at_once(text)
    except pa.ArrowInvalid:  # very long, or with an exponent
        return pa.array([None if value is None else _one(value) for value in text.to_pylist()], pa.binary())


def _at_once(text: Array) -> Array:
    for mark in ("e", "E"):
        if pc.any(pc.match_substring(text, mark), min_count=0).as_py():
            raise pa.ArrowInvalid("an exponent")
    exact = pc.fill_null(pc.cast(text, pa.decimal128(38, _SCALE)), Decimal(0))
    halves = np.frombuffer(exact.buffers()[1], np.int64)[2 * exact.offset :][: 2 * len(exact)].reshape(-1, 2)
    if not np.array_equal(halves[:, 1], halves[:, 0] >> 63):  # not held by 64 bits: long whole numbers, as ids are
        whole = np.asarray(pc.fill_null(pc.cast(text, pa.int64()), 0))
        return _packed(text, whole, shown=np.zeros(len(text), np.int64), scale=0)
    point = np.asarray(pc.fill_null(pc.find_substring(text, "."), -1)).astype(np.int64)
    length = np.asarray(pc.fill_null(pc.binary_length(text), 0)).astype(np.int64)
    return _packed(text, halves[:, 0], shown=np.where(point < 0, 0, length - point - 1), scale=_SCALE)


def _packed(
    nulls: Array, unscaled: Numbers, *, shown: Numbers, scale: int
) -> Array:
    """The format above for ``unscaled`` ÷ 10^``scale``, all values in as many digits as the largest needs."""
    rest = np.where(unscaled < 0, -unscaled, unscaled).astype(np.uint64)
    decimals = scale // _DIGITS
    largest = int(rest.max(initial=0))
    digits = max(decimals + 1, -(-len(str(largest)) // _DIGITS))
    packed = np.empty((len(unscaled), 4 + digits), ">i2")
    packed[:, 0] = digits
    packed[:, 1] = digits - decimals - 1
    packed[:, 2] = np.where(unscaled < 0, _NEGATIVE, 0)
    packed[:, 3] = shown
    for place in range(3 + digits, 3, -1):
        rest, packed[:, place] = rest // _BASE, rest % _BASE
    offsets = np.arange(len(unscaled) + 1, dtype=np.int32) * packed.shape[1] * packed.itemsize
    valid = pa.array(np.asarray(nulls.is_valid()), pa.bool_()).buffers()[1]
    buffers = [valid, pa.py_buffer(offsets.tobytes()), pa.py_buffer(packed.tobytes())]
    return pa.Array.from_buffers(pa.binary(), len(unscaled), buffers)


def _one(text: str) -> bytes:
    """The same for any number that PostgreSQL holds."""
    sign, figures, exponent = Decimal(text.strip()).as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(text)  # NaN, infinity
    shown = max(0, -exponent)
    written = "".join(map(str, figures)) + "0" * max(0, exponent)
    whole, decimals = (written[:-shown], written[-shown:]) if shown else (written, "")
    decimals = decimals.rjust(shown, "0")
    whole = whole.zfill(-(-max(1, len(whole)) // _DIGITS) * _DIGITS)
    decimals = decimals.ljust(-(-len(decimals) // _DIGITS) * _DIGITS, "0")
    together = whole + decimals
    digits = [int(together[at : at + _DIGITS]) for at in range(0, len(together), _DIGITS)]
    header = (len(digits), len(whole) // _DIGITS - 1, _NEGATIVE if sign else 0, shown)
    return struct.pack(f">{4 + len(digits)}h", *header, *digits)
