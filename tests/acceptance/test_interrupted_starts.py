"""A start that is interrupted, wherever it is, leaves nothing running and nothing half made; the next one works."""

import asyncio
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ontologie.clock import SystemClock
from ontologie.database import postmaster
from ontologie.database.embedded import EmbeddedServer
from tests.fleet import until
from tests.installation import Installation

ENDS = {signal.SIGINT: 130, signal.SIGTERM: -signal.SIGTERM}
_MIGRATIONS_LOCK = 0x6F6E746F
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"


@pytest.fixture
def fresh() -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="ontologie-fresh-") as folder:
        Path(folder).chmod(0o755)  # run by root, the database server has an account of its own
        made = Installation(Path(folder) / "home", {"ONTOLOGIE_PORT": "0"})
        yield made
        made.run("stop")


def interrupted(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """It is asked to leave, and does, saying nothing that frightens."""
    os.kill(process.pid, number)
    said, errors = process.communicate(timeout=60)
    assert process.returncode == ENDS[number], said + errors
    assert "Traceback" not in errors
    assert "✗" not in errors


@pytest.mark.parametrize(
    ("made", "number"),
    [("initialising", signal.SIGTERM), ("data-18", signal.SIGINT), ("data-18/postmaster.pid", signal.SIGTERM)],
)
def test_a_first_start_interrupted_while_it_makes_its_database(
    fresh: Installation, made: str, number: signal.Signals
) -> None:
    data = fresh.home / "postgres" / "data-18"
    process = fresh.begin("worker")
    until(lambda: (data.parent / made).exists() or data.exists(), "it is there")
    interrupted(process, number)
    assert postmaster.holders(data) == []
    fresh.run("status")


@pytest.mark.parametrize(
    ("command", "number"), [("start", signal.SIGINT), ("web", signal.SIGTERM), ("worker", signal.SIGTERM)]
)
def test_a_start_interrupted_while_it_waits_to_migrate(
    fresh: Installation, command: str, number: signal.Signals
) -> None:
    fresh.home.mkdir()
    server = EmbeddedServer(fresh.home, SystemClock())
    with psycopg.connect(asyncio.run(server.acquire()), autocommit=True) as dba:
        dba.execute("SELECT pg_advisory_lock(%s)", [_MIGRATIONS_LOCK])
        process = fresh.begin(command)
        until(lambda: counted(dba) > 0, "it waits")
        interrupted(process, number)
        dba.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATIONS_LOCK])
    asyncio.run(server.release())
    fresh.run("status")


def counted(dba: "psycopg.Connection[tuple[int]]") -> int:
    row = dba.execute(_WAITING.encode()).fetchone()
    return row[0] if row else 0
