"""A DuckDB file: a table per table, typed."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from ontologie.errors import UsageError
from ontologie.store.formats.form import Sheet, Writing, headed


def write(path: Path, sheets: Iterable[Sheet], writing: Writing) -> None:
    """Any number of tables. Raises UsageError (EXTRA_MISSING)."""
    try:
        import duckdb
    except ImportError:
        raise UsageError("duckdb", code="EXTRA_MISSING", extra="duckdb") from None
    with duckdb.connect(str(path)) as connection:
        for sheet in sheets:
            types = zip(sheet.headings, sheet.rows.schema.types, strict=True)
            incoming = pa.RecordBatchReader.from_batches(pa.schema(list(types)), headed(sheet))
            connection.register("incoming", incoming)
            name = sheet.name.replace('"', '""')
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')
            connection.unregister("incoming")
