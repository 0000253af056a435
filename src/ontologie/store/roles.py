"""A role that reads one source and nothing else, for a BI tool that must not see the others."""

import psycopg
from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.errors import OperatorError
from ontologie.model.schema import MAX_IDENTIFIER_BYTES
from ontologie.store.tables import let_read


def source_reader(schema_name: str) -> str:
    """The role's name."""
    return f"{schema_name[: MAX_IDENTIFIER_BYTES - 7]}_reader"


async def ensure_source_reader(connection: Connection, schema_name: str, password: str) -> None:
    """Make the role, or give it this password; it reads all tables and views of the schema, those to come too.

    Raises OperatorError (DATABASE_ROLE_REFUSED).
    """
    name = source_reader(schema_name)
    role = sql.Identifier(name)
    with translated():
        cursor = await connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
        verb = sql.SQL("CREATE" if await cursor.fetchone() is None else "ALTER")
        try:
            async with connection.transaction():
                await connection.execute(
                    sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, sql.Literal(password))
                )
                await connection.execute(sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(role))
                await let_read(connection, schema_name, name)
        except psycopg.errors.InsufficientPrivilege as error:
            raise OperatorError(str(error), code="DATABASE_ROLE_REFUSED", role=name) from error


async def drop_source_reader(connection: Connection, schema_name: str) -> None:
    """Remove the role once its schema is gone. Nothing happens where there is none."""
    with translated():
        await connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(source_reader(schema_name))))
