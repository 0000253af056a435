"""Asking the store with SQL, through the role that only reads."""

from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row

from ontologie.database.migrate import READER
from ontologie.errors import UsageError
from ontologie.model.user import Role
from ontologie.services import sources
from ontologie.services.context import Context
from ontologie.store import roles, tables


def reader_url(context: Context) -> str:
    """A URL that psql and BI tools can use: it reads every source's schema and writes nothing."""
    context.require(Role.ADMIN)
    return url_of_reader(context.database_url, context.vault.derive("reader"))


async def source_reader_url(context: Context, source_name: str) -> str:
    """The same for one source: its role is made now, and sees nothing else.

    Raises UsageError (SOURCE_UNKNOWN, NOTHING_TO_EXPORT), OperatorError (DATABASE_ROLE_REFUSED).
    """
    context.require(Role.ADMIN)
    source = await sources.find(context, source_name)
    password = context.vault.derive(f"reader:{source.schema_name}")
    async with context.pool.connection() as connection:
        if not await tables.schema_exists(connection, source.schema_name):
            raise UsageError(source_name, code="NOTHING_TO_EXPORT", source=source_name)
        await roles.ensure_source_reader(connection, source.schema_name, password)
    return url_of_reader(context.database_url, password, role=roles.source_reader(source.schema_name))


def url_of_reader(database_url: str, password: str, *, role: str = READER) -> str:
    """The same database, reached in the same way, by a role that reads."""
    parts = conninfo_to_dict(database_url)
    owner = parts.pop("user", None)
    parts.pop("password", None)
    host, port = quote(str(parts.pop("host", "127.0.0.1")), safe=""), parts.pop("port", 5432)
    database = quote(str(parts.pop("dbname", owner)), safe="")  # libpq's own default is the user's name
    rest = f"?{urlencode(parts, quote_via=quote)}" if parts else ""
    return f"postgresql://{role}:{password}@{host}:{port}/{database}{rest}"


async def run_sql(context: Context, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows. Raises UsageError (SQL_REFUSED) with PostgreSQL's own words."""
    async with context.reader.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
        try:
            await cursor.execute(query.encode())
            if cursor.description is None:
                return [], []
            return [column.name for column in cursor.description], await cursor.fetchall()
        except psycopg.Error as error:
            reason = error.diag.message_primary or str(error)
            raise UsageError(reason, code="SQL_REFUSED", reason=reason) from None
