"""A backup brings everything back as it was, and a restore changes all or nothing."""

from pathlib import Path

import pytest

from ontologie.database import backup, migrate
from ontologie.database.pool import Connection, connect
from ontologie.errors import OperatorError, UsageError
from ontologie.model.schema import ColumnType
from ontologie.store import tables
from tests.unit.store.conftest import connection, database_url
from tests.unit.store.rows import Bench, prop, record, schema_of

__all__ = ["connection", "database_url"]
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
