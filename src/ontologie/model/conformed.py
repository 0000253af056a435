"""Records made ready for the store."""

import msgspec
import pyarrow as pa


class Conformed(msgspec.Struct, frozen=True, kw_only=True):
    """Typed columns of a batch's records, in the records' order, and how many values of each were rejected."""

    batch: pa.RecordBatch
    rejected_values: tuple[int, ...]
