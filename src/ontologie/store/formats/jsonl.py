"""JSON, an object per line: ids as text, numbers with all their digits, moments in UTC."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from ontologie.store.formats.form import Sheet, Writing, headed


def write(path: Path, sheets: Iterable[Sheet], writing: Writing) -> None:
    """One table."""
    encoder = msgspec.json.Encoder()
    with path.open("xb") as file:
        for sheet in sheets:
            raw = {sheet.headings[place] for place in sheet.numbers | sheet.documents}
            ids = {
                name
                for name, kind in zip(sheet.headings, sheet.rows.schema.types, strict=True)
                if pa.types.is_int64(kind)
            }
            for batch in headed(sheet):
                file.write(encoder.encode_lines([_object(row, raw, ids) for row in batch.to_pylist()]))


def _object(row: Mapping[str, Any], raw: set[str], ids: set[str]) -> dict[str, Any]:
    found = dict(row)
    for name in raw:
        if found[name] is not None:
            found[name] = msgspec.Raw(found[name].encode())
    for name in ids:
        if found[name] is not None:
            found[name] = str(found[name])
    return found
