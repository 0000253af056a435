"""Everything of ours in one file, and back: ``pg_dump``, ``pg_restore`` and ``psql`` of the wheel."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from psycopg import sql

from ontologie import environment, files
from ontologie.database.pool import CONTROL_SCHEMA, Connection, translated
from ontologie.database.server_tools import last_words, program
from ontologie.database.transfer import apart, ended, pour, quoted
from ontologie.errors import OperatorError, UsageError


async def our_schemas(connection: Connection) -> list[str]:
    """The control schema, and those of sources, kept ones included."""
    with translated():
        cursor = await connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname = %s"
            " OR obj_description(oid, 'pg_namespace') LIKE 'ontologie store %%' ORDER BY nspname",
            [CONTROL_SCHEMA],
        )
        return [str(row["nspname"]) for row in await cursor.fetchall()]


async def others(connection: Connection) -> int:
    """How many other sessions of our role are open: a running server, a worker, a command."""
    with translated():
        cursor = await connection.execute(
            "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        row = await cursor.fetchone()
    return int(row["n"]) if row else 0


async def dump(url: str, schemas: Sequence[str], file: Path) -> None:
    """Write the schemas, as of one moment, into a file that appears whole or not at all.

    Readers and syncs go on meanwhile. Raises UsageError (FILE_IN_THE_WAY, FILE_NOT_WRITABLE), OperatorError
    (BACKUP_FAILED).
    """
    chosen = [f"--schema={quoted(name)}" for name in schemas]
    source, password = apart(url)
    with files.made(file) as made:
        command = [str(program("pg_dump")), "--format=custom", "--no-owner", "--no-privileges", f"--file={made}"]
        code, _, said = await _finished([*command, f"--dbname={source}", *chosen], password)
        if code:
            raise OperatorError(said, code="BACKUP_FAILED", program="pg_dump", reason=last_words(said))
        made.chmod(0o600)


async def schemas_in(file: Path) -> list[str]:
    """The schemas that a backup holds. Raises UsageError (BACKUP_UNREADABLE)."""
    code, output, said = await _finished([str(program("pg_restore")), "--list", str(file)])
    lines = [line for line in output.splitlines() if " SCHEMA - " in line]
    listed = [line.split(" SCHEMA - ")[1].rsplit(" ", 1)[0] for line in lines]
    if code or CONTROL_SCHEMA not in listed:
        raise UsageError(said, code="BACKUP_UNREADABLE", file=str(file))
    return listed


async def restore(url: str, current: Sequence[str], file: Path, *, then: Sequence[sql.Composed] = ()) -> None:
    """Put the backup in the place of the current schemas, in one transaction with ``then``: all of it or nothing.

    Raises OperatorError (BACKUP_FAILED), and nothing has changed.
    """
    gone = sorted({*current, *await schemas_in(file)})
    drops = [sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)) for name in gone]
    command = [str(program("pg_restore")), "--no-owner", "--no-privileges", "--file=-", str(file)]
    failed = await pour(command, "", program("psql"), url, first=drops, then=then)
    if failed:
        name, reason = failed
        raise OperatorError(reason, code="BACKUP_FAILED", program=name, reason=reason)


async def _finished(command: list[str], password: str = "") -> tuple[int, str, str]:
    """What became of one of PostgreSQL's programs: its exit code and what it said. It ends with us.

    The password goes by the environment, which other users do not see.
    """
    process = await asyncio.create_subprocess_exec(
        *command, env=environment.for_children(password),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        output, errors = await process.communicate()
    finally:
        await ended(process)
    return process.returncode or 0, output.decode(errors="replace"), errors.decode(errors="replace")
