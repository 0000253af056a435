"""CSV: nothing is an empty field, an empty text is two quotes, a list is joined by ``;``."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.compute
import pyarrow.csv

from ontologie.store.formats.form import Sheet, Writing, harmless, harmless_column, headed

pa: Any = pyarrow
_BOM = b"\xef\xbb\xbf"


def write(path: Path, sheets: Iterable[Sheet], writing: Writing) -> None:
    """One table."""
    for sheet in sheets:
        headings = sheet.headings
        if writing.for_spreadsheets:
            headings = tuple(harmless(text) for text in headings)
        types = [_plain(kind) for kind in sheet.rows.schema.types]
        schema = pa.schema(list(zip(headings, types, strict=True)))
        with path.open("xb") as file:
            if writing.for_spreadsheets:
                file.write(_BOM)
            with pyarrow.csv.CSVWriter(file, schema) as writer:
                for batch in headed(sheet):
                    columns = [
                        _column(column, protected=writing.for_spreadsheets and place not in sheet.numbers)
                        for place, column in enumerate(batch.columns)
                    ]
                    writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def _plain(kind: Any) -> Any:
    return pa.string() if pa.types.is_list(kind) else kind


def _column(column: Any, *, protected: bool) -> Any:
    compute: Any = pyarrow.compute
    if pa.types.is_list(column.type):
        column = compute.binary_join(column, ";")
    return harmless_column(column) if protected and pa.types.is_string(column.type) else column
