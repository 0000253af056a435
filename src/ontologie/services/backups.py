"""Everything of ours in one file, and back."""

from pathlib import Path

from ontologie.database import backup as files
from ontologie.database.migrate import READER, ensure_reader, migrate
from ontologie.database.pool import CONTROL_SCHEMA, connect
from ontologie.errors import UsageError
from ontologie.model.user import Role
from ontologie.services.context import Context
from ontologie.store import removal, tables


async def backup(context: Context, file: Path) -> list[str]:
    """Write the sources' data and our own tables, as of one moment, while everything runs; the schemas in it.

    Credentials are sealed in it: they open with this installation's key alone, which is not in it.
    Raises UsageError (FILE_IN_THE_WAY, FILE_NOT_WRITABLE), OperatorError (BACKUP_FAILED).
    """
    context.require(Role.OWNER)
    async with context.pool.connection() as connection:
        schemas = await files.our_schemas(connection)
    await files.dump(context.database_url, schemas, file)
    return schemas


async def would_go(url: str) -> dict[str, int]:
    """Rows that a restore replaces, by source's schema."""
    async with await connect(url) as connection:
        found = [name for name in await files.our_schemas(connection) if name != CONTROL_SCHEMA]
        return {name: sum((await removal.row_counts(connection, name)).values()) for name in found}


async def restore(url: str, reader_password: str, file: Path) -> list[str]:
    """Put a backup in the place of all that is there, in one transaction, and bring it to this version.

    Raises UsageError (BACKUP_UNREADABLE, RESTORE_IN_USE), OperatorError (BACKUP_FAILED, DATA_NEWER).
    """
    found = await files.schemas_in(file)
    async with await connect(url) as connection:
        if await files.others(connection):
            raise UsageError("sessions are open", code="RESTORE_IN_USE")
        await ensure_reader(connection, reader_password)
        sources = [name for name in found if name != CONTROL_SCHEMA]
        reading = [statement for name in sources for statement in tables.reading(name, READER)]
        await files.restore(url, await files.our_schemas(connection), file, then=reading)
        await migrate(connection, reader_password=reader_password)
    return sources
