"""Writing tables to files, all as of one moment, whatever their size. Blocks: it is for a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import msgspec
import psycopg
import pyarrow as pa

from ontologie import files
from ontologie.model.schema import ColumnType
from ontologie.store import arrow
from ontologie.store.formats.form import Format, Sheet, Write, Writing

_AGAIN_S = 0.05


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far an export is."""

    object_type: str
    written: int
    total: int


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written: rows by table, and the files."""

    records: dict[str, int]
    files: tuple[Path, ...]


class Cancelled(Exception):
    """Nobody waits for the files any more."""


class Export:
    """One export: tables are added, then it runs."""

    def __init__(self, url: str, kind: Format, writing: Writing, on_progress: Callable[[Progress], None]) -> None:
        self._url = url
        self._kind = kind
        self._writing = writing
        self._on_progress = on_progress
        self._queries: list[tuple[arrow.Query, tuple[str, ...]]] = []
        self._records: dict[str, int] = {}
        self._connection: psycopg.Connection | None = None
        self._cancelled = threading.Event()
        self._ended = threading.Event()

    def add(self, query: arrow.Query, headings: tuple[str, ...]) -> None:
        """One more table. Raises UsageError (COLUMN_UNKNOWN, FILTER_MALFORMED)."""
        query.statement()
        self._queries.append((query, headings))

    def cancel(self) -> None:
        """End the export, from another thread than its own, in PostgreSQL too; comes back when it has ended."""
        self._cancelled.set()
        while not self._ended.wait(_AGAIN_S):  # one that comes between two statements meets none
            if self._connection is not None:
                self._connection.cancel_safe()

    def run(self, target: Path) -> Exported:
        """Raises UsageError (FILE_IN_THE_WAY, FILE_NOT_WRITABLE), OperatorError (FILE_NO_ROOM)."""
        try:
            with files.made(target, parents=True) as made, arrow.snapshot(self._url) as connection:
                self._connection = connection
                written = self._write(connection, made, target)
            return Exported(records=self._records, files=written)
        finally:
            self._ended.set()

    def _write(self, connection: psycopg.Connection, made: Path, target: Path) -> tuple[Path, ...]:
        write = _writer(self._kind)
        if self._kind.holds_many or len(self._queries) == 1:
            write(made, (self._sheet(connection, *item) for item in self._queries), self._writing)
            return (target,)
        made.mkdir()
        written = []
        for asked, headings in self._queries:
            file = f"{asked.table.object_type}.{self._kind.value}"
            write(made / file, [self._sheet(connection, asked, headings)], self._writing)
            written.append(target / file)
        return tuple(written)

    def _sheet(self, connection: psycopg.Connection, asked: arrow.Query, headings: tuple[str, ...]) -> Sheet:
        total = arrow.count(connection, asked)
        rows = arrow.read(connection, asked, numbers=self._kind.numbers)
        kinds = list(asked.kinds.values())
        as_text = self._kind.numbers is arrow.Numbers.TEXT
        return Sheet(
            name=asked.table.object_type,
            headings=headings,
            numbers=frozenset(n for n, kind in enumerate(kinds) if as_text and kind is ColumnType.NUMERIC),
            documents=frozenset(n for n, kind in enumerate(kinds) if kind is ColumnType.JSONB),
            rows=pa.RecordBatchReader.from_batches(
                rows.schema, self._watched(rows, asked.table.object_type, total)
            ),
        )

    def _watched(self, rows: pa.RecordBatchReader, object_type: str, total: int) -> Iterator[pa.RecordBatch]:
        written = 0
        self._records[object_type] = 0
        for batch in rows:
            if self._cancelled.is_set():
                raise Cancelled
            yield batch
            written += batch.num_rows
            self._records[object_type] = written
            self._on_progress(Progress(object_type=object_type, written=written, total=total))


def _writer(kind: Format) -> Write:
    """The format's module, read when it is asked for: the libraries behind them take 18 MB of memory, and nearly all
    that runs writes no files."""
    write: Write = import_module(f"ontologie.store.formats.{kind.name.lower()}").write
    return write
