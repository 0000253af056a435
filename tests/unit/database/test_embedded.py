"""What the embedded PostgreSQL promises: nobody reaches it from outside, a crash loses nothing, no downgrade."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import AsyncIterator, MutableMapping, MutableSequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog

from ontologie.clock import SystemClock
from ontologie.database import postmaster
from ontologie.database.embedded import EmbeddedServer
from ontologie.database.migrate import migrate
from ontologie.database.pool import connect
from ontologie.database.server_tools import remembered_port
from ontologie.errors import OperatorError
from tests.waiting import until


@pytest.fixture
async def server() -> AsyncIterator[EmbeddedServer]:
    with tempfile.TemporaryDirectory(prefix="ontologie-embedded-") as folder:
        await asyncio.to_thread(os.chmod, folder, 0o755)
        made = EmbeddedServer(Path(folder), SystemClock())
        await made.acquire()
        yield made
        await made.release()


async def test_it_listens_on_loopback_only_asks_for_a_password_and_syncs_to_disk(server: EmbeddedServer) -> None:
    async with await connect(server.url) as connection:
        for name, wanted in (("listen_addresses", "127.0.0.1"), ("unix_socket_directories", ""), ("fsync", "on"),
                             ("full_page_writes", "on"), ("synchronous_commit", "on")):  # fmt: skip
            row = await (await connection.execute(f"SHOW {name}".encode())).fetchone()
            assert row is not None
            assert row[name] == wanted
    without = psycopg.conninfo.make_conninfo(server.url, password="wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        await psycopg.AsyncConnection.connect(without)


async def test_what_was_committed_survives_a_kill_of_everything(server: EmbeddedServer) -> None:
    async with await connect(server.url) as connection:
        await connection.execute("CREATE TABLE public.kept (id int)")
        await connection.execute("INSERT INTO public.kept VALUES (1)")
    data = server._data
    for pid in postmaster.holders(data) or []:
        with contextlib.suppress(ProcessLookupError):  # a backend leaves by itself once the postmaster is gone
            os.kill(pid, signal.SIGKILL)
    await server.release()
    await server.acquire()
    async with await connect(server.url) as connection:
        row = await (await connection.execute("SELECT id FROM public.kept")).fetchone()
    assert row == {"id": 1}


async def test_a_server_left_running_is_adopted(server: EmbeddedServer) -> None:
    other = EmbeddedServer(server._folder.parent, SystemClock())
    assert await other.acquire() == server.url
    await other.release()
    async with await connect(server.url) as connection:
        assert await (await connection.execute("SELECT 1 AS one")).fetchone() == {"one": 1}


async def test_what_the_environment_says_of_another_server_is_not_said_of_ours(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("PGSSLMODE", "require"), ("PGOPTIONS", "-c port=1"), ("PGCHANNELBINDING", "require")):
        monkeypatch.setenv(name, value)
    other = EmbeddedServer(server._folder.parent, SystemClock())
    async with asyncio.timeout(30):
        url = await other.acquire()
    async with await connect(url) as connection:
        assert await (await connection.execute("SELECT 1 AS one")).fetchone() == {"one": 1}
    await other.release()


async def test_a_lock_whose_owner_lives_is_never_removed(server: EmbeddedServer) -> None:
    assert not await asyncio.to_thread(postmaster.clear_stale_lock, server._data)
    assert (server._data / "postmaster.pid").exists()


async def test_an_older_version_refuses_a_newer_ones_database_and_changes_nothing(server: EmbeddedServer) -> None:
    async with await connect(server.url) as connection:
        await migrate(connection, reader_password="secret-1")
        await connection.execute("INSERT INTO ontologie.schema_migrations (number) VALUES (9999)")
        with pytest.raises(OperatorError) as refused:
            await migrate(connection, reader_password="secret-2")
    assert refused.value.code == "DATA_NEWER"
    reader = psycopg.conninfo.make_conninfo(server.url, user="ontologie_reader", password="secret-1")
    async with await psycopg.AsyncConnection.connect(reader):
        pass  # the password is the one from before


async def test_many_processes_that_start_at_once_migrate_once(server: EmbeddedServer) -> None:
    async def begin() -> int:
        async with await connect(server.url) as connection:
            return await migrate(connection, reader_password="secret-1")

    assert len(set(await asyncio.gather(*(begin() for _ in range(5))))) == 1


async def test_a_port_that_is_taken_for_a_while_is_waited_for_by_those_who_know_it(server: EmbeddedServer) -> None:
    """While the server is away its port is free, and any connection of somebody else's may be given it."""
    home, url = server._folder.parent, server.url
    port = psycopg.conninfo.conninfo_to_dict(url)["port"]
    async with EmbeddedServer(home, SystemClock()).running() as known:
        assert known == url
        await asyncio.to_thread(_kill, server._data)
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", int(str(port))))
            taken.listen()
            with pytest.raises(OperatorError, match="no free port"):
                await EmbeddedServer(home, SystemClock()).acquire()
        await until(lambda: _answers(url), "the server is back")


async def test_what_the_server_says_is_kept_within_bounds_and_from_other_users(server: EmbeddedServer) -> None:
    said = server._folder / "server.log"
    with said.open("a") as log:
        log.write("padding\n" * 1_300_000)
    async with EmbeddedServer(server._folder.parent, SystemClock()).running():
        await until(lambda: _holds(said.stat().st_size < 1_000_000), "it is emptied")
        async with await connect(server.url) as connection:
            with pytest.raises(psycopg.Error):
                await connection.execute("SELECT told_in_the_log")
        await until(lambda: _holds("told_in_the_log" in said.read_text()), "PostgreSQL goes on at its new beginning")
    before = said.with_name("server.log.1")
    assert before.stat().st_size > 10_000_000
    assert (said.stat().st_mode | before.stat().st_mode) & 0o077 == 0


async def test_whoever_uses_a_server_whose_folder_is_gone_leaves_and_says_so(server: EmbeddedServer) -> None:
    async def uses_it() -> None:
        async with EmbeddedServer(server._folder.parent, SystemClock()).running():
            await asyncio.to_thread(_kill, server._data)
            await asyncio.to_thread(shutil.rmtree, server._data)
            await asyncio.Event().wait()

    with pytest.raises(OperatorError) as raised:
        await uses_it()
    assert raised.value.code == "DATABASE_GONE"
    assert raised.value.params["path"] == str(server._data)


async def test_a_restart_that_fails_again_and_again_is_told_at_growing_distances(
    server: EmbeddedServer,
) -> None:
    conf = server._data / "postgresql.conf"
    right = conf.read_text()
    with structlog.testing.capture_logs() as told:
        async with EmbeddedServer(server._folder.parent, SystemClock()).running():
            conf.write_text(right + "max_connections = many\n")
            await asyncio.to_thread(_kill, server._data)
            await until(lambda: _holds(_times(told) == [1, 2]), "it is told twice")
            conf.write_text(right)
            await until(lambda: _answers(server.url), "the server is back")
    assert [line["event"] for line in told].count("database_died") == 1
    failed = next(line for line in told if line["event"] == "database_not_restarted")
    assert failed["code"] == "DATABASE_NOT_STARTED"
    assert "server.log" in failed["remedy"]


async def test_a_port_that_a_crash_has_cut_off_is_another_one(server: EmbeddedServer) -> None:
    await server.release()
    await asyncio.to_thread(server._port.write_text, "")
    await server.acquire()
    assert 15_000 <= remembered_port(server._port) < 32_000


def _kill(data: Path) -> None:
    os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    while postmaster.holders(data):
        time.sleep(0.05)


def _times(told: MutableSequence[MutableMapping[str, Any]]) -> list[int]:
    return [line["times"] for line in told if line["event"] == "database_not_restarted"]


async def _holds(condition: bool) -> bool:
    return condition


async def _answers(url: str) -> bool:
    try:
        await (await psycopg.AsyncConnection.connect(url, connect_timeout=2)).close()
    except psycopg.OperationalError:
        return False
    return True
