"""A backup brings everything back as it was, and a restore changes all or nothing."""

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from ontologie.database import backup, migrate
from ontologie.database.pool import Connection, connect
from ontologie.database.server_tools import last_words
from ontologie.errors import OperatorError, UsageError
from ontologie.model.schema import ColumnType
from ontologie.store import tables
from tests.unit.store.rows import Bench, prop, record, schema_of
from tests.waiting import until

_WAITS = (
    "CREATE FUNCTION public.waits() RETURNS event_trigger LANGUAGE plpgsql"
    " AS $$ BEGIN PERFORM pg_advisory_xact_lock(1); END $$;"
    "CREATE EVENT TRIGGER waits ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION public.waits()"
)
SCHEMA = schema_of("name", prop("amount", ColumnType.NUMERIC))


@pytest.fixture
async def filled(connection: Connection) -> Bench:
    bench = Bench(connection, "hubspot_backed_up")
    await connection.execute("DROP SCHEMA IF EXISTS hubspot_backed_up, hubspot_later CASCADE")
    await tables.ensure_source_schema(connection, bench.schema_name, migrate.READER)
    await bench.take_lease()
    await bench.ensure(SCHEMA)
    await bench.load(SCHEMA, record(1, {"name": "Été", "amount": "12.50"}))
    await bench.rebuild_views()
    return bench


async def test_what_was_backed_up_comes_back_and_what_came_later_is_gone(
    filled: Bench, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "all.backup"
    await backup.dump(database_url, await backup.our_schemas(filled.connection), file)
    assert file.stat().st_mode & 0o077 == 0
    await filled.load(SCHEMA, record(1, {"name": "changed"}, minutes=1), record(2, {"name": "later"}))
    await tables.ensure_source_schema(filled.connection, "hubspot_later", migrate.READER)
    await backup.restore(database_url, await backup.our_schemas(filled.connection), file)
    [row] = await filled.rows("contacts", "id, name, amount::text")
    assert row == {"id": 1, "name": "Été", "amount": "12.50"}
    assert await filled.rows("association_links") == []
    assert not await tables.schema_exists(filled.connection, "hubspot_later")
    assert await backup.our_schemas(filled.connection) == await backup.schemas_in(file)
    await migrate.migrate(filled.connection, reader_password="reader")
    await filled.take_lease()
    assert (await filled.load(SCHEMA, record(3, {"name": "goes on"}))).inserted == 1


async def test_a_restore_that_fails_changes_nothing(filled: Bench, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    await backup.dump(database_url, await backup.our_schemas(filled.connection), file)
    whole = file.read_bytes()
    broken = tmp_path / "broken.backup"
    broken.write_bytes(whole[: len(whole) - 200])
    with pytest.raises((OperatorError, UsageError)):
        await backup.restore(database_url, await backup.our_schemas(filled.connection), broken)
    assert await filled.by_id("name") == {1: "Été"}


async def test_a_restore_cut_off_in_the_middle_changes_nothing_later_either(
    filled: Bench, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "all.backup"
    schemas = await backup.our_schemas(filled.connection)
    await backup.dump(database_url, schemas, file)
    await filled.load(SCHEMA, record(1, {"name": "changed"}, minutes=1))
    await filled.connection.execute(_WAITS.encode())
    async with await connect(database_url) as dba:
        await dba.execute(b"SELECT pg_advisory_lock(1)")
        waiting = ("psql", "AND wait_event = 'advisory'")
        await _cut_off(backup.restore(database_url, schemas, file), filled.connection, *waiting)
        await dba.execute(b"SELECT pg_advisory_unlock(1)")
        await until(lambda: _none(filled.connection, "psql"), "psql has left")
    await filled.connection.execute(b"DROP EVENT TRIGGER waits; DROP FUNCTION public.waits")
    assert await filled.by_id("name") == {1: "changed"}


async def test_a_backup_cut_off_in_the_middle_leaves_nothing(filled: Bench, database_url: str, tmp_path: Path) -> None:
    schemas = await backup.our_schemas(filled.connection)
    async with await connect(database_url) as dba:
        await dba.execute(b"BEGIN")
        await dba.execute(b"LOCK TABLE hubspot_backed_up.contacts")
        waiting = ("pg_dump", "AND wait_event_type = 'Lock'")
        await _cut_off(backup.dump(database_url, schemas, tmp_path / "all.backup"), filled.connection, *waiting)
        await dba.execute(b"ROLLBACK")
        await until(lambda: _none(filled.connection, "pg_dump"), "pg_dump has left")
    assert await asyncio.to_thread(os.listdir, tmp_path) == []


async def _cut_off(work: Coroutine[Any, Any, None], connection: Connection, program: str, waiting: str) -> None:
    """Cancel the work once its program is in the middle of it."""
    task = asyncio.create_task(work)
    await until(lambda: _sessions(connection, program, waiting), "in the middle")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _sessions(connection: Connection, name: str, more: str = "") -> bool:
    query = f"SELECT 1 FROM pg_stat_activity WHERE application_name = '{name}' {more}"
    return await (await connection.execute(query.encode())).fetchone() is not None


async def _none(connection: Connection, name: str) -> bool:
    return not await _sessions(connection, name)


@pytest.mark.parametrize("content", [b"", b"not a backup", bytes(1000)])
async def test_a_file_that_is_no_backup_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        await backup.schemas_in(file)
    assert caught.value.code == "BACKUP_UNREADABLE"


async def test_other_sessions_are_seen(connection: Connection, database_url: str) -> None:
    before = await backup.others(connection)
    async with await connect(database_url):
        assert await backup.others(connection) == before + 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("pg_dump: error: could not write to output file: No space left on device\n",
         "could not write to output file: No space left on device"),
        ("pg_dump: error: query failed: ERROR:  permission denied for table x\n", "permission denied for table x"),
        ("2026-11-28 12:00 UTC [7] FATAL:  no room\nLOG:  shut down\n", "no room"),
        ("", "–"),
    ],
)  # fmt: skip
def test_what_a_program_says_last_is_told_without_its_name(said: str, told: str) -> None:
    assert last_words(said) == told
