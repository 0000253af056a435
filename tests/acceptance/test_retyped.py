"""Who queries a property that is being retyped reads whole columns only, whatever happens to us meanwhile."""

import contextlib
import json
import os
import signal
import time

import psycopg

from tests.conftest import Installation
from tests.truth import differences

CONTACTS = 3_000


def test_a_kill_while_a_new_column_is_filled_shows_nobody_a_half_empty_one(installation: Installation, portal) -> None:
    account, url = portal(contacts=CONTACTS, companies=0, deals=0, tickets=0)
    account.events.add_property("contacts", "shoe_size", "string", "text")
    ids = [item["id"] for item in account.truth() if item.get("type") == "contacts"]
    for number in ids:
        account.events.recalculate("contacts", number, {"shoe_size": "42"})
    installation.add("retyped", url, "--streams", "contacts")
    installation.run("sync", "retyped")
    database = installation.run("database-url").strip()
    owner = installation.run("database-url", "--owner").strip()
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA theirs")
        connection.execute("CREATE VIEW theirs.sizes AS SELECT shoe_size AS size FROM hubspot_retyped.contacts")
        account.events.retype_property("contacts", "shoe_size", "number", "number")
        account.configure(latency_ms=300)
        process = installation.begin("sync", "retyped", "--check")
        while not _filled(connection):
            assert process.poll() is None, "it was over before it could be killed"
            assert _shown(connection) == ("text", CONTACTS)
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        account.configure(latency_ms=0)
        assert 0 < _filled(connection) < CONTACTS
        assert _shown(connection) == ("text", CONTACTS)
        assert json.loads(installation.run("sync", "retyped", "--json"))["status"] == "synced"
        assert _shown(connection) == ("numeric", CONTACTS)
        assert _count(connection, "SELECT count(size) FROM theirs.sizes WHERE size = '42'") == CONTACTS
        assert _count(connection, "SELECT sum(shoe_size) FROM hubspot_retyped.contacts") == 42 * CONTACTS
        connection.execute("DROP SCHEMA theirs CASCADE")
    assert differences(account, database, "hubspot_retyped", types=("contacts",)) == []


def _shown(connection: psycopg.Connection) -> tuple[str, int]:
    """The type under the known name, and how many have a value."""
    statement = "SELECT min(pg_typeof(shoe_size)::text), count(shoe_size) FROM hubspot_retyped.contacts"
    kind, filled = connection.execute(statement).fetchone() or ("", 0)
    return str(kind), int(filled)


def _filled(connection: psycopg.Connection) -> int:
    with contextlib.suppress(psycopg.errors.UndefinedColumn):
        return _count(connection, "SELECT count(_next__shoe_size) FROM hubspot_retyped.contacts")
    return 0


def _count(connection: psycopg.Connection, statement: str) -> int:
    [found] = connection.execute(statement.encode()).fetchone() or (0,)
    return int(found)
