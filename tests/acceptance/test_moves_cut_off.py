"""A move or an upgrade that is killed in the middle: nothing half made is taken for the data, and again is enough."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest

from hubspot_simulator import Portal
from ontologie.clock import SystemClock
from ontologie.database import postmaster
from ontologie.database.embedded import EmbeddedServer
from tests.acceptance.test_moves_that_fail import ruled, schemas
from tests.acceptance.test_moving import made_older
from tests.fleet import until
from tests.installation import Installation
from tests.other_servers import external
from tests.terminal import tells
from tests.truth import differences

Portals = Callable[..., tuple[Portal, str]]
_LATER = (
    "CREATE FUNCTION rule() RETURNS event_trigger LANGUAGE plpgsql"
    " AS $$ BEGIN PERFORM pg_advisory_xact_lock(1); END $$;"
    "CREATE EVENT TRIGGER rule ON ddl_command_start WHEN TAG IN ('{}') EXECUTE FUNCTION rule()"
)
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
_RESTORING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'psql'"

_OLDER = """
import asyncio, pathlib, sys, time
from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer, Version
server = EmbeddedServer(pathlib.Path(sys.argv[1]), SystemClock(), version=Version(major=16))
asyncio.run(server.acquire())
print("works", flush=True)
time.sleep(600)
"""
"""A process of an earlier version of ours."""


@pytest.mark.parametrize("at", ["CREATE INDEX", "GRANT"])
def test_a_move_that_is_killed_leaves_nothing_on_the_target(own: Installation, portal: Portals, at: str) -> None:
    account, url = portal(contacts=40)
    own.add("acme", url, "--streams", "contacts")
    own.run("sync", "acme")
    with external(18) as target:
        with ruled(target, _LATER.format(at)), psycopg.connect(target, autocommit=True) as dba:

            def count(query: str) -> int:
                row = dba.execute(query.encode()).fetchone()
                return int(row[0]) if row else 0

            dba.execute("SELECT pg_advisory_lock(1)")
            moving = own.begin("move-to", target)
            until(lambda: count(_WAITING) > 0, "in the middle of the copy")
            os.kill(moving.pid, signal.SIGKILL)
            moving.communicate()
            dba.execute("SELECT pg_advisory_unlock(1)")
            until(lambda: count(_RESTORING) == 0, "psql has left")
        assert schemas(target) == {"public"}
        own.run("move-to", target)
        assert differences(account, target, "hubspot_acme", types=("contacts",)) == []


def test_an_upgrade_that_is_killed_is_not_taken_for_done(own: Installation, portal: Portals) -> None:
    account, url = portal(contacts=40)
    own.add("acme", url, "--streams", "contacts")
    own.run("sync", "acme")
    made_older(own, 16)
    folder = own.home / "postgres"
    upgrading = own.begin("upgrade-database")
    until(lambda: any(folder.glob("*-18/postmaster.pid")), "the new server starts")
    os.kill(upgrading.pid, signal.SIGKILL)
    upgrading.communicate()
    assert "upgrade-database" in own.run("status", expect=1), "not an empty database in the old one's place"
    own.run("upgrade-database")
    server = EmbeddedServer(own.home, SystemClock())
    assert differences(account, asyncio.run(server.acquire()), "hubspot_acme", types=("contacts",)) == []
    asyncio.run(server.release())
    assert sorted(item.name for item in folder.glob("*-1?")) == ["data-16", "data-18"]
    assert postmaster.holders(folder / "data-16") == []


def test_an_upgrade_ends_the_older_server_that_a_kill_left_behind_but_none_that_is_used(own: Installation) -> None:
    own.run("status")
    made_older(own, 16)
    older = subprocess.Popen([sys.executable, "-c", _OLDER, str(own.home)], stdout=subprocess.PIPE, text=True)
    assert older.stdout is not None
    assert older.stdout.readline() == "works\n"
    assert tells(own.run("upgrade-database", expect=1), "DATABASE_IN_USE", {})
    older.kill()
    older.communicate()
    assert postmaster.holders(own.home / "postgres" / "data-16") != [], "left behind"
    own.run("upgrade-database")
    own.run("status")
