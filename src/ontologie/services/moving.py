"""Moving everything to another PostgreSQL: an external one, or the embedded one of a newer version."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from ontologie.clock import Clock
from ontologie.database.backup import our_schemas
from ontologie.database.embedded import EmbeddedServer, Version
from ontologie.database.migrate import READER, check_server, ensure_reader
from ontologie.database.pool import CONTROL_SCHEMA, Connection, check_address, connect, translated
from ontologie.database.server_tools import MAJOR, programs
from ontologie.database.transfer import Rows, compare, copy_schemas, row_counts
from ontologie.database.vault import Vault
from ontologie.errors import OperatorError
from ontologie.store import tables

_UPGRADING = "upgrading"


async def move_to(home: Path, clock: Clock, vault: Vault, target_url: str) -> list[Rows]:
    """Carry all data of the embedded PostgreSQL to another one; every table's rows on both sides.

    Nobody else may use the installation meanwhile. The target gets all of it or nothing; the embedded data stays.
    Raises OperatorError: DATABASE_ADDRESS_MALFORMED, DATABASE_IN_USE, DATABASE_UNREACHABLE, DATABASE_TOO_OLD,
    DATABASE_NOT_UTF8, MOVE_TARGET_TAKEN, MOVE_FAILED, MOVE_INCOMPLETE.
    """
    check_address(target_url)
    server = EmbeddedServer(home, clock)
    source_url = await server.acquire()
    try:
        if not server.alone():
            raise OperatorError("others use it", code="DATABASE_IN_USE")
        return await _carry(programs(MAJOR), source_url, target_url, vault)
    finally:
        await server.release()


async def upgrade(home: Path, clock: Clock, vault: Vault) -> tuple[int, list[Rows]]:
    """Carry the data of an older embedded PostgreSQL to this version's; (the older major version, rows).

    The older data folder stays. The new one takes its name when all is in it: killed in the middle, begin again.
    Raises OperatorError: NOTHING_TO_UPGRADE, OLD_POSTGRES_MISSING, DATABASE_IN_USE, MOVE_FAILED, MOVE_INCOMPLETE.
    """
    folder = home / "postgres"
    found = sorted(int(item.name.removeprefix("data-")) for item in folder.glob("data-*"))
    if not found or MAJOR in found:
        raise OperatorError("nothing to upgrade", code="NOTHING_TO_UPGRADE", path=str(folder))
    major = found[-1]
    programs(major)
    old = EmbeddedServer(home, clock, version=Version(major=major, port_file="port.old"))
    new = EmbeddedServer(home, clock, version=Version(folder=_UPGRADING))
    if old.in_use():
        raise OperatorError("others use it", code="DATABASE_IN_USE")
    await _clear(new, made := folder / f"{_UPGRADING}-{MAJOR}")
    await EmbeddedServer(home, clock, version=Version(major=major)).stop()  # left behind by a process that was killed
    try:
        rows = await _carry(programs(MAJOR), await old.acquire(), await new.acquire(), vault)
    except BaseException:
        await new.shut_down()
        await _clear(new, made)
        raise
    finally:
        await old.shut_down()
    await new.shut_down()
    made.rename(folder / f"data-{MAJOR}")
    return major, rows


async def _clear(server: EmbeddedServer, data: Path) -> None:
    """Nothing is left of an upgrade that did not come to its end."""
    await server.stop()
    shutil.rmtree(data, ignore_errors=True)


async def _carry(tools: Path, source_url: str, target_url: str, vault: Vault) -> list[Rows]:
    source, target = await connect(source_url), await connect(target_url)
    async with source, target:
        with translated():
            schemas = await our_schemas(source)
            await _check_target(target, schemas)
            await ensure_reader(target, vault.derive("reader"))
            before = await row_counts(source, schemas)
            sources = [name for name in schemas if name != CONTROL_SCHEMA]
            reading = [statement for name in sources for statement in tables.reading(name, READER)]
            await copy_schemas(tools, source_url, target_url, schemas, then=reading)
            rows = compare(before, await row_counts(target, schemas))
    wrong = [item.table for item in rows if item.before != item.after]
    if wrong:
        raise OperatorError("counts differ", code="MOVE_INCOMPLETE", tables=", ".join(wrong[:5]))
    return rows


async def _check_target(target: Connection, schemas: Sequence[str]) -> None:
    check_server(target)
    cursor = await target.execute("SELECT nspname AS name FROM pg_namespace WHERE nspname = ANY(%s)", [list(schemas)])
    taken = [row["name"] for row in await cursor.fetchall()]
    if taken:
        raise OperatorError("not empty", code="MOVE_TARGET_TAKEN", schemas=", ".join(taken[:5]))
