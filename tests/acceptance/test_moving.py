"""All data goes to another PostgreSQL, or to a newer one, and nothing is lost on the way."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable

import pytest

from hubspot_simulator import Portal
from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer, Version
from ontologie.database.server_tools import binaries
from tests.installation import Installation
from tests.other_servers import external
from tests.truth import differences

Portals = Callable[..., tuple[Portal, str]]
TYPES = ("contacts", "companies", "deals")
OLDEST = 15


def test_all_data_moves_to_an_external_postgresql_and_syncs_go_on_there(own: Installation, portal: Portals) -> None:
    account, url = portal(contacts=300, companies=20, deals=20)
    own.add("acme", url, "--streams", ",".join(TYPES))
    own.run("sync", "acme")
    with external(OLDEST) as target:
        told = own.run("move-to", target)
        assert "hubspot_acme.contacts" in told
        assert "ONTOLOGIE_DATABASE_URL" in told
        moved = {"ONTOLOGIE_DATABASE_URL": target}
        assert differences(account, target, "hubspot_acme", types=TYPES) == []
        account.events.edit("contacts", _first(account), {"firstname": "Zoé the moved"})
        own.run("sync", "acme", **moved)
        query = "select count(*) from hubspot_acme.contacts where firstname = 'Zoé the moved'"
        assert '"count": 1' in own.run("sql", "--json", query, **moved), "the reader reads, too"
        assert differences(account, target, "hubspot_acme", types=TYPES) == []
        refused = own.run("move-to", target, expect=1)
        assert "The target already holds schemas of these names" in refused, "never over what is there"
        assert "hubspot_acme" in refused
    assert "300" in own.run("sql", "--json", "select count(*) from hubspot_acme.contacts"), "the old data stays"


def test_nothing_moves_while_another_process_works(own: Installation) -> None:
    own.run("status")
    server = EmbeddedServer(own.home, SystemClock())
    asyncio.run(server.acquire())
    try:
        assert "ontologie start" in own.run("move-to", "postgresql://127.0.0.1:1/none", expect=1)
    finally:
        asyncio.run(server.release())


def test_an_older_embedded_database_is_refused_then_upgraded(own: Installation, portal: Portals) -> None:
    account, url = portal(contacts=120, companies=10, deals=10)
    own.add("acme", url, "--streams", ",".join(TYPES))
    own.run("sync", "acme")
    made_older(own, 16)
    refused = own.run("status", expect=1)
    assert "belongs to another PostgreSQL than version" in refused
    assert "upgrade-database" in refused
    assert "hubspot_acme.contacts" in own.run("upgrade-database")
    assert (own.home / "postgres" / "data-16").exists(), "the old folder stays"
    own.run("sync", "acme")
    server = EmbeddedServer(own.home, SystemClock())
    assert differences(account, asyncio.run(server.acquire()), "hubspot_acme", types=TYPES) == []
    asyncio.run(server.release())
    assert own.run("upgrade-database", expect=1)


def test_leaving_and_stopping_end_cleanly_when_the_database_was_killed(own: Installation) -> None:
    server = EmbeddedServer(own.home, SystemClock())
    asyncio.run(server.acquire())
    lock = own.home / "postgres" / "data-18" / "postmaster.pid"
    os.kill(int(lock.read_text().split()[0]), 9)
    asyncio.run(server.release())
    assert "Nothing was running" in own.run("stop")
    own.run("status")


def made_older(own: Installation, major: int) -> None:
    """As if an earlier version of the product had made this data folder: its data in an older PostgreSQL."""

    if binaries(major) is None:
        pytest.skip(f"needs PostgreSQL {major}")
    version = Version(major=major, port_file="port.old", folder="older")
    now = EmbeddedServer(own.home, SystemClock())
    old = EmbeddedServer(own.home, SystemClock(), version=version)
    programs = binaries(18)
    assert programs is not None
    source, target = asyncio.run(now.acquire()), asyncio.run(old.acquire())
    dump = subprocess.run([programs / "pg_dump", "--no-privileges", source], capture_output=True, check=True).stdout
    kept = b"\n".join(line for line in dump.split(b"\n") if not line.startswith(b"SET transaction_timeout"))
    subprocess.run([programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", target], input=kept, check=True)
    asyncio.run(old.shut_down())
    asyncio.run(now.shut_down())
    folder = own.home / "postgres"
    shutil.rmtree(folder / "data-18")
    (folder / f"older-{major}").rename(folder / f"data-{major}")


def _first(account: Portal) -> int:
    return next(int(item["id"]) for item in account.truth() if item["kind"] == "record" and item["type"] == "contacts")
