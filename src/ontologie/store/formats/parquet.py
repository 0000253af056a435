"""Parquet: typed, compressed."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ontologie.store.formats.form import Sheet, Writing, headed


def write(path: Path, sheets: Iterable[Sheet], writing: Writing) -> None:
    """One table."""
    for sheet in sheets:
        types = zip(sheet.headings, sheet.rows.schema.types, strict=True)
        with pq.ParquetWriter(path, pa.schema(list(types)), compression="zstd") as writer:
            for batch in headed(sheet):
                writer.write_batch(batch)
