"""The SQL of our own tables: files with named statements (``-- name: find_source``), loaded once."""

import re
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from psycopg import sql
from psycopg.types.json import Jsonb

from ontologie.database.pool import Connection, translated

_HEADING = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@cache
def _statements(module: str) -> dict[str, str]:
    text = files("ontologie.database").joinpath("queries", f"{module}.sql").read_text()
    parts = _HEADING.split(text)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def statement(module: str, name: str) -> sql.SQL:
    """The statement ``name`` of ``queries/module.sql``. KeyError when there is none: our bug."""
    return sql.SQL(_statements(module)[name])


async def fetch_all(connection: Connection, module: str, statement_name: str, /, **values: Any) -> list[dict[str, Any]]:
    """All rows of a named statement."""
    with translated():
        cursor = await connection.execute(statement(module, statement_name), values)
        return await cursor.fetchall()


async def fetch_one(
    connection: Connection, module: str, statement_name: str, /, **values: Any
) -> dict[str, Any] | None:
    """The first row of a named statement, or None."""
    rows = await fetch_all(connection, module, statement_name, **values)
    return rows[0] if rows else None


async def execute(connection: Connection, module: str, statement_name: str, /, **values: Any) -> int:
    """Run a named statement; the number of rows it touched."""
    with translated():
        return (await connection.execute(statement(module, statement_name), values)).rowcount


def as_json(value: Any) -> Jsonb:
    """A struct or builtin as a jsonb parameter."""
    return Jsonb(msgspec.to_builtins(value))
