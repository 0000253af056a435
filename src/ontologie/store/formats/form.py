"""What a format is given, and what it promises."""

import enum
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import msgspec
import pyarrow as pa
import pyarrow.compute

from ontologie.store.arrow import Numbers


class Format(enum.StrEnum):
    """The formats, by the ending of their files."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    DUCKDB = "duckdb"
    EXCEL = "xlsx"

    @property
    def holds_many(self) -> bool:
        """One file holds several tables; else it is a file for each."""
        return self in (Format.DUCKDB, Format.EXCEL)

    @property
    def numbers(self) -> Numbers:
        """How numbers have to be read for it."""
        return Numbers.EXACT if self in (Format.PARQUET, Format.DUCKDB) else Numbers.TEXT


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A table to write, with the headings of its columns."""

    name: str
    headings: tuple[str, ...]
    numbers: frozenset[int] = frozenset()
    """Places of the columns that are numbers read as text."""
    documents: frozenset[int] = frozenset()
    """Places of the columns that are JSON."""
    rows: pa.RecordBatchReader


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """How to write."""

    for_spreadsheets: bool = False
    """A text that a spreadsheet would take for a formula is written so that it does not; CSV says that it is UTF-8."""


class Write(Protocol):
    """Write the tables, one after the other, into a file that is not there yet."""

    def __call__(self, path: Path, sheets: Iterable[Sheet], writing: Writing) -> None: ...


_FORMULA = "=+-@\t\r＝＋－＠"
"""What a cell must not begin with (OWASP, CSV injection)."""


def harmless(text: str) -> str:
    """The text behind an apostrophe, if a spreadsheet would take it for a formula."""
    return f"'{text}" if text[:1] and text[0] in _FORMULA else text


def harmless_column(column: Any) -> Any:
    """The same for a whole column of text."""
    compute: Any = pa.compute
    return compute.replace_substring_regex(column, f"^([{re.escape(_FORMULA)}])", r"'\1")


def headed(sheet: Sheet) -> Iterator[pa.RecordBatch]:
    """The rows under their headings."""
    for batch in sheet.rows:
        yield batch.rename_columns(list(sheet.headings))
