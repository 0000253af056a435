"""The control schema's migrations: SQL files, forward only, applied at start under an advisory lock."""

from importlib.resources import files

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql

from ontologie.database import health
from ontologie.database.pool import CONTROL_SCHEMA, Connection, translated
from ontologie.errors import OperatorError

_LOCK = 0x6F6E746F  # "onto"
OLDEST_MAJOR = 15
"""The oldest PostgreSQL that we are tested on."""
READER = "ontologie_reader"
"""The role that BI tools use: it reads the sources' schemas and nothing of ours."""


def available() -> list[tuple[int, str]]:
    """(number, SQL) of every migration this version knows, in order."""
    folder = files("ontologie.database").joinpath("migrations")
    found = [(int(item.name[:4]), item.read_text()) for item in folder.iterdir() if item.name.endswith(".sql")]
    return sorted(found)


async def migrate(connection: Connection, *, reader_password: str) -> int:
    """Bring the control schema to this version and make the reader role; the number of the last migration.

    Raises OperatorError: DATABASE_TOO_OLD, DATABASE_NOT_UTF8, DATA_NEWER when a newer version has already written
    here, DATABASE_RIGHTS_MISSING, DATABASE_ROLE_REFUSED.
    """
    check_server(connection)
    with translated():
        await connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            return await _migrate(connection, reader_password)
        finally:
            await connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


async def _migrate(connection: Connection, reader_password: str) -> int:
    await _check_rights(connection)
    await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {CONTROL_SCHEMA}".encode())
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations"
        " (number integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    cursor = await connection.execute("SELECT coalesce(max(number), 0) AS number FROM schema_migrations")
    row = await cursor.fetchone()
    current = int(row["number"]) if row else 0
    known = available()
    if current > known[-1][0]:
        raise OperatorError("newer data", code="DATA_NEWER", found=current, known=known[-1][0])
    for number, text in known:
        if number <= current:
            continue
        async with connection.transaction():
            await connection.execute("SET LOCAL lock_timeout = '30s'")
            await connection.execute(text.encode())
            if number == 1:
                await connection.execute(SchemaManager.get_schema().encode())
            await connection.execute("INSERT INTO schema_migrations (number) VALUES (%s)", [number])
    await ensure_reader(connection, reader_password)
    return known[-1][0]


def check_server(connection: Connection) -> None:
    """Raises OperatorError (DATABASE_TOO_OLD, DATABASE_NOT_UTF8) before anything is made there."""
    found = connection.info.server_version // 10_000
    if found < OLDEST_MAJOR:
        raise OperatorError("too old", code="DATABASE_TOO_OLD", found=found, least=OLDEST_MAJOR)
    encoding = connection.info.parameter_status("server_encoding") or ""
    if encoding != "UTF8":
        raise OperatorError("not every character fits", code="DATABASE_NOT_UTF8", encoding=encoding)


async def _check_rights(connection: Connection) -> None:
    """Before anything is half made. Roles are another matter: an administrator may have made ours."""
    missing = [right for right in await health.missing_rights(connection) if right.name != "CREATEROLE"]
    if missing:
        rights, remedy = ", ".join(right.name for right in missing), "; ".join(right.remedy for right in missing)
        raise OperatorError(rights, code="DATABASE_RIGHTS_MISSING", rights=rights, remedy=remedy)


async def ensure_reader(connection: Connection, password: str) -> None:
    """The role that BI tools use, with this password. Raises OperatorError (DATABASE_ROLE_REFUSED)."""
    cursor = await connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [READER])
    verb = "ALTER" if await cursor.fetchone() else "CREATE"
    try:
        await connection.execute(
            sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(sql.SQL(verb), sql.Identifier(READER), sql.Literal(password))
        )
        await connection.execute(
            sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(sql.Identifier(READER))
        )
    except psycopg.errors.InsufficientPrivilege as error:
        raise OperatorError(str(error), code="DATABASE_ROLE_REFUSED", role=READER) from error
