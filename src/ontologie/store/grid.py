"""Rows of a table a page at a time. Pages follow a key, not an offset: the last is as quick as the first."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import msgspec
import psycopg
from psycopg import sql

from ontologie.database.pool import Connection, StatementTimedOut, translated
from ontologie.errors import UsageError
from ontologie.model.schema import ColumnType
from ontologie.model.selection import Selection
from ontologie.store.selecting import Table, condition, key_type, sort_key

SHOWN_CHARACTERS = 300
"""Longer texts are cut in a page; a record's own page shows them whole."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The last row of a page: what the order compares, as text, and its id."""

    id: int
    key: str | None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Values in the order of the columns asked for; ids of every kind as text. ``end`` None: there are no more."""

    ids: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    end: Place | None


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows a selection has. Not exact: what PostgreSQL's planner believes."""

    records: int
    exact: bool


async def page(
    connection: Connection,
    table: Table,
    selection: Selection,
    *,
    columns: Sequence[str],
    after: Place | None,
    limit: int,
) -> Page:
    """Up to ``limit`` rows that follow ``after``, within :func:`reading`.

    Raises UsageError for columns and filters that cannot be.
    """
    head = sql.SQL("SELECT id AS _id, ({})::text AS _key{} FROM {} WHERE {} AND ").format(
        sort_key(table, selection.order), _selected(table, columns), table.name, condition(table, selection)
    )
    found: list[dict[str, Any]] = []
    if after is None or after.key is not None:
        found = await _fetch(connection, head + _with_a_key(table, selection, after, limit + 1))
    if len(found) <= limit:
        # The rows without a value: a second query, so that each is one range of one index.
        found += await _fetch(connection, head + _without_a_key(table, selection, after, limit + 1 - len(found)))
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    names = [f"c{number}" for number in range(len(columns))]
    return Page(
        ids=tuple(str(row["_id"]) for row in shown),
        rows=tuple(tuple(row[name] for name in names) for row in shown),
        end=None if last is None else Place(id=last["_id"], key=last["_key"]),
    )


def _with_a_key(table: Table, selection: Selection, after: Place | None, most: int) -> sql.Composed:
    """The rest of the query for the rows that have what is sorted by."""
    key = sort_key(table, selection.order)
    direction, follows = _directions(selection)
    where = sql.SQL("({key}) IS NOT NULL").format(key=key)
    if after is not None:
        where += sql.SQL(" AND (({}), id) {} ({}::{}, {})").format(
            key, follows, sql.Literal(after.key), key_type(table, selection.order), sql.Literal(after.id)
        )
    return where + sql.SQL(" ORDER BY ({key}) {d}, id {d} LIMIT {n}").format(
        key=key, d=direction, n=sql.Literal(most)
    )


def _without_a_key(table: Table, selection: Selection, after: Place | None, most: int) -> sql.Composed:
    """The rest of the query for the rows that come last."""
    direction, follows = _directions(selection)
    where = sql.SQL("({}) IS NULL").format(sort_key(table, selection.order))
    if after is not None and after.key is None:
        where += sql.SQL(" AND id {} {}").format(follows, sql.Literal(after.id))
    return where + sql.SQL(" ORDER BY id {} LIMIT {}").format(direction, sql.Literal(most))


def _directions(selection: Selection) -> tuple[sql.SQL, sql.SQL]:
    """The order, and how what follows compares."""
    return (sql.SQL("DESC"), sql.SQL("<")) if selection.descending else (sql.SQL("ASC"), sql.SQL(">"))


async def count(connection: Connection, table: Table, selection: Selection, *, patience: timedelta) -> Count:
    """The number of rows, counted as long as ``patience`` lasts, else estimated."""
    where = condition(table, selection)
    try:
        async with reading(connection, patience=patience):
            counted = sql.SQL("SELECT count(*) AS n FROM {} WHERE {}").format(table.name, where)
            [row] = await _fetch(connection, counted)
            return Count(records=int(row["n"]), exact=True)
    except TooSlow:
        pass
    async with reading(connection, patience=patience):
        planned = sql.SQL("EXPLAIN (FORMAT JSON) SELECT FROM {} WHERE {}").format(table.name, where)
        [plan] = await _fetch(connection, planned)
        return Count(records=int(plan["QUERY PLAN"][0]["Plan"]["Plan Rows"]), exact=False)


class TooSlow(UsageError):
    """The query took longer than its reader would wait."""

    default_code = "QUERY_TOO_SLOW"


@contextlib.asynccontextmanager
async def reading(connection: Connection, *, patience: timedelta) -> AsyncIterator[None]:
    """One transaction that only reads. Raises TooSlow when a statement outlasts the patience."""
    milliseconds = max(1, round(patience.total_seconds() * 1000))
    with translated():
        try:
            async with connection.transaction():
                await connection.execute("SET TRANSACTION READ ONLY")
                await connection.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(sql.Literal(milliseconds)))
                yield
        except psycopg.DataError as error:
            # Conditions are checked before they are asked: what is left is a place that no page gave.
            raise UsageError(str(error), code="PAGE_MALFORMED") from None
        except (psycopg.errors.QueryCanceled, StatementTimedOut):
            raise TooSlow("statement timeout", seconds=max(1, round(patience.total_seconds()))) from None


async def _fetch(connection: Connection, statement: sql.Composed) -> list[dict[str, Any]]:
    return await (await connection.execute(statement)).fetchall()


def _selected(table: Table, columns: Sequence[str]) -> sql.Composable:
    """The columns, numbered: a property may be called anything, ``_id`` too."""
    parts = [
        sql.SQL(", {} AS {}").format(_shown(table.kind(name), sql.Identifier(name)), sql.Identifier(f"c{number}"))
        for number, name in enumerate(columns)
    ]
    return sql.SQL("").join(parts)


def _shown(kind: ColumnType, name: sql.Identifier) -> sql.Composable:
    if kind is ColumnType.TEXT:
        return sql.SQL("left({}, {})").format(name, sql.Literal(SHOWN_CHARACTERS))
    if kind is ColumnType.JSONB:
        return sql.SQL("left({}::text, {})").format(name, sql.Literal(SHOWN_CHARACTERS))
    # As text: a bigint is more than a JavaScript number, numeric is exact, and dates may lie beyond Python's years.
    return name if kind in (ColumnType.BOOLEAN, ColumnType.TEXT_ARRAY) else sql.SQL("{}::text").format(name)
