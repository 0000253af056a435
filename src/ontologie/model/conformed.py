"""Records made ready for the store."""

import msgspec
import pyarrow as pa


class Conformed(msgspec.Struct, frozen=True, kw_only=True):
    """Typed columns of a batch's records, in the records' order, and how many values of each were rejected."""

    batch: pa.RecordBatch
    rejected_values: tuple[int, ...]

    def halves(self) -> "tuple[Conformed, Conformed]":
        """The first and the second half of the records."""
        middle = len(self.rejected_values) // 2
        return (
            Conformed(batch=self.batch.slice(0, middle), rejected_values=self.rejected_values[:middle]),
            Conformed(batch=self.batch.slice(middle), rejected_values=self.rejected_values[middle:]),
        )
