"""Asking the store with SQL, through the role that only reads."""

from typing import Any
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from ontologie.database.migrate import READER
from ontologie.database.pool import connect
from ontologie.errors import UsageError
from ontologie.model.user import Role
from ontologie.services.context import Context


def reader_url(context: Context) -> str:
    """A URL that psql and BI tools can use: it reads every source's schema and writes nothing."""
    context.require(Role.ADMIN)
    return _reader_url(context)


def _reader_url(context: Context) -> str:
    return url_of_reader(context.database_url, context.vault.derive("reader"))


def url_of_reader(database_url: str, password: str) -> str:
    """The same database by the reader's role."""
    parts = conninfo_to_dict(database_url)
    host = quote(str(parts.get("host", "127.0.0.1")), safe="")
    return f"postgresql://{READER}:{password}@{host}:{parts.get('port', 5432)}/{parts['dbname']}"


async def run_sql(context: Context, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows. Raises UsageError (SQL_REFUSED) with PostgreSQL's own words."""
    connection = await connect(_reader_url(context))
    try:
        cursor = await connection.execute(query.encode())
        if cursor.description is None:
            return [], []
        names = [column.name for column in cursor.description]
        return names, [tuple(row.values()) for row in await cursor.fetchall()]
    except psycopg.Error as error:
        reason = error.diag.message_primary or str(error)
        raise UsageError(reason, code="SQL_REFUSED", reason=reason) from None
    finally:
        await connection.close()
