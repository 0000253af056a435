"""Everything of ours in one file, and back: ``pg_dump``, ``pg_restore`` and ``psql`` of the wheel."""

import asyncio
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ontologie import environment
from ontologie.database.embedded import program
from ontologie.database.pool import CONTROL_SCHEMA, Connection, translated
from ontologie.database.server_tools import last_words
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

    Readers and syncs go on meanwhile. Raises OperatorError (BACKUP_FAILED).
    """
    chosen = [f'--schema="{name}"' for name in schemas]
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as folder:
        made = Path(folder) / file.name
        await _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={made}", *chosen)
        made.chmod(0o600)
        made.rename(file)


async def schemas_in(file: Path) -> list[str]:
    """The schemas that a backup holds. Raises UsageError (BACKUP_UNREADABLE)."""
    done = await asyncio.to_thread(_finished, [str(program("pg_restore")), "--list", str(file)])
    lines = [line for line in done.stdout.splitlines() if " SCHEMA - " in line]
    listed = [line.split(" SCHEMA - ")[1].rsplit(" ", 1)[0] for line in lines]
    if done.returncode or CONTROL_SCHEMA not in listed:
        raise UsageError(done.stderr, code="BACKUP_UNREADABLE", file=str(file))
    return listed


async def restore(url: str, current: Sequence[str], file: Path) -> None:
    """Put the backup in the place of the current schemas, in one transaction: all of it or nothing.

    Raises OperatorError (BACKUP_FAILED), and nothing has changed.
    """
    gone = sorted({*current, *await schemas_in(file)})
    with tempfile.TemporaryDirectory(prefix="ontologie-restore-") as folder:
        script = Path(folder) / "restore.sql"
        await _run(None, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file))
        drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE")
        drops = [drop.format(sql.Identifier(name)).as_string(None) for name in gone]
        options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        await _run(url, "psql", *options, f"--command={'; '.join(drops)}", f"--file={script}")


async def _run(url: str | None, name: str, *options: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, which other users do not see."""
    password = ""
    connection: list[str] = []
    if url is not None:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
        password = parts.pop("password", "")
        connection = [f"--dbname={make_conninfo(**parts)}"]
    done = await asyncio.to_thread(_finished, [str(program(name)), *connection, *options], password)
    if done.returncode:
        raise OperatorError(done.stderr, code="BACKUP_FAILED", program=name, reason=last_words(done.stderr))


def _finished(command: list[str], password: str = "") -> subprocess.CompletedProcess[str]:
    variables = environment.for_children(password)
    return subprocess.run(
        command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
