"""Carrying schemas from one PostgreSQL to another, and counting them on both sides."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
import psycopg
from psycopg import sql

from ontologie import environment, tasks
from ontologie.database.pool import Connection, translated
from ontologie.database.server_tools import last_words
from ontologie.errors import OperatorError

_CHUNK_BYTES = 1 << 20
_HEADER_ENDS = b"SET row_security"
_NEWER_THAN_TARGET = b"SET transaction_timeout"
"""pg_dump 17 and later begin with it; PostgreSQL 15 and 16 refuse it."""


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """A table's rows on both sides."""

    table: str
    before: int
    after: int


async def copy_schemas(
    programs: Path, from_url: str, to_url: str, schemas: Sequence[str], *, then: Sequence[sql.Composed]
) -> None:
    """Dump these schemas and restore them, in one transaction with ``then``: the target gets all of it or nothing.

    Owners and rights are left out: the target's roles are its own. Raises OperatorError (MOVE_FAILED) with the last
    words of the tool that failed.
    """
    source, password = apart(from_url)
    chosen = [f"--schema={quoted(name)}" for name in schemas]
    dump = [str(programs / "pg_dump"), "--no-owner", "--no-privileges", *chosen, f"--dbname={source}"]
    failed = await pour(dump, password, programs / "psql", to_url, then=then)
    if failed:
        raise OperatorError("the copy failed", code="MOVE_FAILED", reason=failed[1])


async def pour(
    command: Sequence[str],
    password: str,
    psql: Path,
    to_url: str,
    *,
    first: Sequence[sql.Composed] = (),
    then: Sequence[sql.Composed] = (),
) -> tuple[str, str] | None:
    """What a program prints as SQL, between ``first`` and ``then``, in one transaction there; the program that failed,
    and its words.

    All of it or nothing, whatever is killed: the program, psql or we.
    """
    target, target_password = apart(to_url)
    dump = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env=environment.for_children(password),
    )  # fmt: skip
    restore = await asyncio.create_subprocess_exec(
        psql, "-q", "-X", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, f"--dbname={target}",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env=environment.for_children(target_password),
    )  # fmt: skip
    async with tasks.beside(_all_of(dump.stderr), _all_of(restore.stderr)) as (dump_says, restore_says):
        try:
            await _pump(dump, restore, _script(first), _script(then))
            failed = [process for process in (dump, restore) if await process.wait() != 0]
        finally:
            await ended(dump, restore)
        if not failed:
            return None
        # psql ends well where its input was cut off, and not where it is the one that failed
        return Path(command[0] if dump in failed else psql).name, last_words(await restore_says or await dump_says)


async def row_counts(connection: Connection, schemas: Sequence[str]) -> dict[str, int]:
    """Rows of every table of these schemas, by ``schema.table``."""
    counts: dict[str, int] = {}
    with translated():
        cursor = await connection.execute(
            "SELECT schemaname AS schema, tablename AS name FROM pg_tables WHERE schemaname = ANY(%s) ORDER BY 1, 2",
            [list(schemas)],
        )
        for row in await cursor.fetchall():
            counting = sql.SQL("SELECT count(*) AS rows FROM {}").format(sql.Identifier(row["schema"], row["name"]))
            found = await (await connection.execute(counting)).fetchone()
            counts[f"{row['schema']}.{row['name']}"] = found["rows"] if found else 0
    return counts


def compare(before: dict[str, int], after: dict[str, int]) -> list[Rows]:
    """Every table of either side."""
    names = sorted(before.keys() | after.keys())
    return [Rows(table=name, before=before.get(name, -1), after=after.get(name, -1)) for name in names]


def _script(statements: Sequence[sql.Composed]) -> bytes:
    return "".join(f"{statement.as_string(None)};\n" for statement in statements).encode()


async def _pump(
    dump: asyncio.subprocess.Process, restore: asyncio.subprocess.Process, first: bytes, then: bytes
) -> None:
    """All of the dump into psql, without the settings that an older server does not know, in one transaction.

    It is committed by our word alone, once psql has said that it is through: any end of its input, pg_dump's death or
    ours, it takes for the end of the dump.
    """
    output, target, says = dump.stdout, restore.stdin, restore.stdout
    if output is None or target is None or says is None:
        raise OperatorError("no pipe", code="MOVE_FAILED", reason="no pipe")
    try:
        target.write(b"BEGIN;\n" + first)
        while line := await output.readline():
            if not line.startswith(_NEWER_THAN_TARGET):
                target.write(line)
            if line.startswith(_HEADER_ENDS):
                break
        while chunk := await output.read(_CHUNK_BYTES):
            target.write(chunk)
            await target.drain()
        target.write(then + b"\\echo through\n")
        if await dump.wait() == 0 and await says.readline():
            target.write(b"COMMIT;\n")
        target.close()
        await target.wait_closed()
    except (BrokenPipeError, ConnectionResetError):  # psql has ended: its own words say why
        while await output.read(_CHUNK_BYTES):
            pass


async def ended(*processes: asyncio.subprocess.Process) -> None:
    """Neither is left behind, whatever interrupted us."""
    going_on = [process for process in processes if process.returncode is None]
    for process in going_on:
        process.kill()
    for process in going_on:
        await process.wait()


async def _all_of(stream: asyncio.StreamReader | None) -> str:
    return "" if stream is None else (await stream.read()).decode(errors="replace")


def apart(url: str) -> tuple[str, str]:
    """The address without its password, and the password: a command line can be read by others on the machine."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    password = str(parts.pop("password", "") or "")
    return psycopg.conninfo.make_conninfo("", **parts), password


def quoted(name: str) -> str:
    """As a pattern of pg_dump: quoted, so that none of its characters means anything else."""
    return '"' + name.replace('"', '""') + '"'
