"""Records made ready for the store."""

from collections.abc import Sequence

import msgspec
import pyarrow as pa


class Conformed(msgspec.Struct, frozen=True, kw_only=True):
    """Typed columns of a batch's records, in the records' order, and how many values of each were rejected."""

    batch: pa.RecordBatch
    wire: pa.RecordBatch
    """The same as it is sent to PostgreSQL."""
    rejected_values: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.rejected_values)

    def ids(self) -> list[int]:
        """The records' ids, in their order."""
        found: list[int] = self.batch["id"].to_pylist()  # type: ignore[assignment]  # none is null
        return found

    def halves(self) -> "tuple[Conformed, Conformed]":
        """The first and the second half of the records."""
        middle = len(self) // 2
        return (
            Conformed(
                batch=self.batch.slice(0, middle),
                wire=self.wire.slice(0, middle),
                rejected_values=self.rejected_values[:middle],
            ),
            Conformed(
                batch=self.batch.slice(middle),
                wire=self.wire.slice(middle),
                rejected_values=self.rejected_values[middle:],
            ),
        )

    def only(self, rows: Sequence[int]) -> "Conformed":
        """Some of the records, by their place, in this order."""
        if len(rows) == len(self):
            return self
        places = pa.array(rows, pa.int64())
        return Conformed(
            batch=self.batch.take(places),
            wire=self.wire.take(places),
            rejected_values=tuple(self.rejected_values[row] for row in rows),
        )


NONE = Conformed(batch=pa.record_batch({}), wire=pa.record_batch({}), rejected_values=())
"""Of no records."""
