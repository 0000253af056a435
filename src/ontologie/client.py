"""The Python API: a source's tables as Arrow, polars, pandas and DuckDB.

    import ontologie
    deals = ontologie.connect().source("acme").stream("deals")
    deals.select("dealname", "amount").filter("amount", "from", 1000).polars()

Everything is read by the role that only reads, streamed, typed: ``numeric`` columns as exact decimals (or as ``float``
or ``text``), moments with their zone, several choices as lists. A stream is immutable: ``select``, ``filter``,
``order`` and the others give another one.
"""

import asyncio
import atexit
import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

import msgspec
import pyarrow as pa

from ontologie.errors import OntologieError, UsageError
from ontologie.model.diagnosis import explain
from ontologie.model.selection import Filter, Operator, Selection
from ontologie.settings import Settings
from ontologie.store import arrow
from ontologie.store.selecting import Table
from ontologie.wiring import reading

if TYPE_CHECKING:
    import duckdb
    import pandas
    import polars

T = TypeVar("T")


class LiveDataError(Exception):
    """What went wrong, and what to do, in words. ``code`` is that of docs/reference/diagnoses.md."""

    def __init__(self, error: OntologieError) -> None:
        said = explain(error.code, error.params, "en")
        super().__init__(f"{said.problem} {said.remedy}")
        self.code = error.code


def connect(url: str | None = None, *, home: str | Path | None = None, time_zone: str = "UTC") -> "Connection":
    """The data of this installation.

    ``url`` is what ``ontologie database-url`` prints, for a program elsewhere; without it the installation in ``home``
    (by default ``ONTOLOGIE_HOME`` or ``~/.ontologie``) is used, its PostgreSQL started if it does not run.
    ``time_zone`` says where a day begins, for filters. Raises LiveDataError.
    """
    with _told():
        return Connection(url, home=home, time_zone=time_zone)


class Connection:
    """An open installation; close it, or use it in a ``with`` statement, or let the program's end close it."""

    def __init__(self, url: str | None, *, home: str | Path | None, time_zone: str) -> None:
        self._stack = contextlib.AsyncExitStack()
        self._loop = asyncio.new_event_loop()  # kept: the end of asyncio.run would close what it has opened
        self._time_zone = time_zone
        given: dict[str, Any] = {} if home is None else {"home": Path(home).expanduser().absolute()}
        try:
            self._url = url or _in_thread(lambda: self._loop.run_until_complete(self._open(given)))
        except BaseException:
            self._loop.close()
            raise
        atexit.register(self.close)

    async def _open(self, given: dict[str, Any]) -> str:
        return await self._stack.enter_async_context(reading(Settings(**given)))

    def close(self) -> None:
        """Leave; an embedded PostgreSQL that nobody else uses stops."""
        if self._loop.is_closed():
            return
        atexit.unregister(self.close)
        _in_thread(lambda: self._loop.run_until_complete(self._stack.aclose()))
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return "ontologie.Connection()"

    def sources(self) -> list[str]:
        """The names of the sources that have data."""
        with _told(), arrow.snapshot(self._url) as connection:
            return [name.partition("_")[2] for name in arrow.schemas(connection)]

    def source(self, name: str) -> "Source":
        """A source by its name. Raises LiveDataError (SOURCE_UNKNOWN)."""
        with _told(), arrow.snapshot(self._url) as connection:
            wanted = name.lower().replace("-", "_")
            for schema_name in arrow.schemas(connection):
                if schema_name.partition("_")[2] == wanted:
                    tables = arrow.tables(connection, schema_name, time_zone=self._time_zone)
                    return Source(self._url, name, tables)
            raise UsageError(name, code="SOURCE_UNKNOWN", source=name)


class Source:
    """One source."""

    def __init__(self, url: str, name: str, tables: Mapping[str, Table]) -> None:
        self._url = url
        self.name = name
        self._tables = tables

    def __repr__(self) -> str:
        return f"Source({self.name!r})"

    def streams(self) -> list[str]:
        """The tables of records: ``contacts``, ``emails`` …"""
        return list(self._tables)

    def stream(self, name: str, *, numbers: Literal["exact", "float", "text"] = "exact") -> "Stream":
        """The live records of a table. Raises LiveDataError (TABLE_UNKNOWN)."""
        with _told():
            if name not in self._tables:
                raise UsageError(name, code="TABLE_UNKNOWN", source=self.name, object_type=name)
            table = self._tables[name]
            columns = tuple(table.columns)
            return Stream(self._url, arrow.Query(table=table, columns=columns), arrow.Numbers(numbers))


class Stream:
    """Records to read: columns, filters and order of one table."""

    def __init__(self, url: str, query: arrow.Query, numbers: arrow.Numbers) -> None:
        self._url = url
        self._query = query
        self._numbers = numbers

    def __repr__(self) -> str:
        return f"Stream({self._query.table.schema_name}.{self._query.table.object_type})"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read."""
        return self._query.columns

    def select(self, *columns: str) -> "Stream":
        """Only these columns, in this order."""
        return self._with(columns=columns)

    def filter(self, column: str, operator: str, *values: object) -> "Stream":
        """Only rows that also fulfil this.

        Operators: ``equals`` and ``contains`` (whatever the case and accents), ``among``, ``from`` and ``to`` (that
        number or day included), ``true``, ``false``, ``empty``, ``filled``.
        """
        item = Filter(column=column, operator=Operator(operator), values=tuple(str(value) for value in values))
        return self._selecting(filters=(*self._query.selection.filters, item))

    def search(self, words: str) -> "Stream":
        """Only rows whose main columns hold these words."""
        return self._selecting(search=words)

    def order(self, column: str, *, descending: bool = False) -> "Stream":
        """In this order; by default by id."""
        return self._selecting(order=column, descending=descending)

    def archived(self) -> "Stream":
        """The archived and merged records instead of the live ones."""
        return self._selecting(archived=True)

    def limit(self, records: int) -> "Stream":
        """At most so many."""
        return self._with(limit=records)

    def count(self) -> int:
        """How many records there are, without reading them; ``limit`` left aside."""
        with _told(), arrow.snapshot(self._url) as connection:
            return arrow.count(connection, self._query)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The records, a batch at a time, as of one moment."""
        with _told(), arrow.snapshot(self._url) as connection:
            yield from arrow.read(connection, self._query, numbers=self._numbers)

    def arrow(self) -> pa.Table:
        """All of them as an Arrow table."""
        with _told(), arrow.snapshot(self._url) as connection:
            return arrow.read(connection, self._query, numbers=self._numbers).read_all()

    def polars(self) -> "polars.DataFrame":
        """All of them as a polars frame. Needs ``pip install 'ontologie[polars]'``."""
        with _extra("polars"):
            import polars
        found = polars.from_arrow(self.arrow())
        return found if isinstance(found, polars.DataFrame) else found.to_frame()

    def pandas(self) -> "pandas.DataFrame":
        """All of them as a pandas frame. Needs ``pip install 'ontologie[pandas]'``."""
        with _extra("pandas"):
            import pandas
        frame: pandas.DataFrame = self.arrow().to_pandas()
        return frame

    def duckdb(
        self, connection: "duckdb.DuckDBPyConnection | None" = None, *, table: str | None = None
    ) -> "duckdb.DuckDBPyRelation":
        """All of them as a new DuckDB table, streamed into it; in memory unless a connection is given.

        Needs ``pip install 'ontologie[duckdb]'``.
        """
        with _extra("duckdb"):
            import duckdb
        into = connection if connection is not None else duckdb.connect()
        name = (table or self._query.table.object_type).replace('"', '""')
        with _told(), arrow.snapshot(self._url) as postgres:
            into.register("_incoming", arrow.read(postgres, self._query, numbers=self._numbers))
            into.execute(f'CREATE TABLE "{name}" AS SELECT * FROM _incoming')
            into.unregister("_incoming")
        return into.table(f'"{name}"')

    def _with(self, **changes: Any) -> "Stream":
        with _told():
            query = msgspec.structs.replace(self._query, **changes)
            query.statement()
            return Stream(self._url, query, self._numbers)

    def _selecting(self, **changes: Any) -> "Stream":
        selection: Selection = msgspec.structs.replace(self._query.selection, **changes)
        return self._with(selection=selection)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OntologieError as error:
        raise LiveDataError(error) from None


@contextlib.contextmanager
def _extra(name: str) -> Iterator[None]:
    try:
        yield
    except ImportError:
        raise LiveDataError(UsageError(name, code="EXTRA_MISSING", extra=name)) from None


def _in_thread(work: Callable[[], T]) -> T:
    """The result of ``work`` in a thread of its own: a notebook's thread runs an event loop already."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=run, name="ontologie-connect")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
