"""An upgrade, one migration after the other, keeps what the first release has written."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from ontologie.database import migrate, sources
from ontologie.database.pool import CONTROL_SCHEMA, Connection, connect

RELEASED = 2
"""The last migration of the first release."""
WRITTEN_THEN = b"""
INSERT INTO users (workspace_id, name, role, password_hash, created_at)
SELECT min(id), unnest('{Zo\xc3\xa9,Ali}'::text[]), unnest('{owner,viewer}'::text[]), 'argon2',
       '2026-01-02 03:04Z'::timestamptz
FROM workspaces;
INSERT INTO login_links SELECT '\\x01'::bytea, min(id), '2026-01-03Z'::timestamptz FROM users;
INSERT INTO sessions SELECT '\\x02'::bytea, max(id), '2026-01-02Z'::timestamptz, '2026-02-02Z'::timestamptz FROM users;
INSERT INTO sources (workspace_id, name, connector, api_url, schema_name, streams, excluded_properties, frequency,
                     paused, account, failures, next_run_at, created_at, sensitive)
SELECT min(id), 'acme', 'hubspot', 'https://api.hubapi.com', 'hubspot_acme', '{contacts,deals}'::text[],
       '{"contacts": ["email"]}'::jsonb, '15m', false,
       '{"portal_id": 7, "account_type": "STANDARD", "time_zone": "Europe/Paris", "currency": "EUR",'
       ' "ui_domain": "app-eu1.hubspot.com", "data_hosting_location": "eu1"}'::jsonb, 2,
       '2026-01-02 03:15Z'::timestamptz, '2026-01-01Z'::timestamptz, true FROM workspaces
UNION ALL
SELECT min(id), 'new', 'hubspot', 'http://127.0.0.1:9', 'hubspot_new', '{contacts}', '{}', 'manual',
       true, NULL, 0, NULL, '2026-01-01Z', false FROM workspaces;
INSERT INTO credentials SELECT id, '\\x0badcafe'::bytea FROM sources;
INSERT INTO runs (source_id, status, options, trigger, created_at, started_at, ended_at, backfilled_records,
                  diagnosis_code, diagnosis_params)
SELECT id, 'failed', '{"full": true}'::jsonb, 'schedule', '2026-01-02Z'::timestamptz, '2026-01-02Z'::timestamptz,
       '2026-01-02 01:00Z'::timestamptz, 40, 'HUBSPOT_SCOPE_MISSING', '{"scope": "crm"}'::jsonb FROM sources
UNION ALL
SELECT id, 'queued', '{}', 'user', '2026-01-03Z', NULL, NULL, 0, NULL, '{}' FROM sources;
INSERT INTO run_objects (run_id, object_type, stream, status, read, inserted, set_aside, checked_ours, checked_theirs)
SELECT id, 'contacts', 'contacts', 'synced', 40, 39, 1, 39, 40 FROM runs;
INSERT INTO object_states (source_id, object_type, status, records, last_synced_at, checked_at, checked_ours,
                           checked_theirs)
SELECT id, 'contacts', 'synced', 39, '2026-01-02Z'::timestamptz, '2026-01-02Z'::timestamptz, 39, 40 FROM sources;
INSERT INTO kept_schemas VALUES ('hubspot_gone', 8);
INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'sync', '{"run": 1}');
"""
Tables = dict[str, list[dict[str, Any]]]


@pytest.fixture
async def released(
    connection: Connection, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Connection]:
    """A database of its own, as the first release has left it."""
    await connection.execute("DROP DATABASE IF EXISTS first_release")
    await connection.execute("CREATE DATABASE first_release")
    made = await connect(make_conninfo(database_url, dbname="first_release"))
    async with made:
        await upgrade(made, RELEASED, monkeypatch)
        await made.execute(WRITTEN_THEN)
        yield made
    await connection.execute("DROP DATABASE first_release")


async def upgrade(connection: Connection, last: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start a version that knows the migrations up to ``last``."""
    with monkeypatch.context() as patched:
        known = [item for item in migrate.available() if item[0] <= last]
        patched.setattr(migrate, "available", lambda: known)
        assert await migrate.migrate(connection, reader_password="reader") == last


async def columns(connection: Connection) -> dict[str, list[str]]:
    """The columns of each table of the control schema, but for the list of migrations."""
    cursor = await connection.execute(
        "SELECT table_name AS name, array_agg(column_name::text ORDER BY column_name) AS columns"
        " FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema = %s AND table_type = 'BASE TABLE' AND table_name <> 'schema_migrations'"
        " GROUP BY table_name",
        [CONTROL_SCHEMA],
    )
    return {row["name"]: row["columns"] for row in await cursor.fetchall()}


async def content(connection: Connection, known: dict[str, list[str]]) -> Tables:
    """What these columns hold."""
    found = {}
    for table, names in known.items():
        listed = sql.SQL(", ").join(map(sql.Identifier, names))
        cursor = await connection.execute(
            sql.SQL("SELECT {} FROM {}").format(listed, sql.Identifier(CONTROL_SCHEMA, table))
        )
        found[table] = await cursor.fetchall()
    return found


def ordered(tables: Tables) -> Tables:
    """Whatever the order that columns of later give."""
    return {name: sorted(rows, key=repr) for name, rows in tables.items()}


async def test_each_migration_keeps_what_was_written_before_it(
    released: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await columns(released)
    written = ordered(await content(released, known))
    ours = {name for name in written if not name.startswith("procrastinate_")}
    assert [name for name in ours if not written[name]] == [], "a table of the release without a row proves nothing"
    for number, _ in migrate.available()[RELEASED:]:
        await upgrade(released, number, monkeypatch)
        assert ordered(await content(released, known)) == written, f"migration {number}"


async def test_what_the_first_release_wrote_is_read_by_this_version(released: Connection) -> None:
    last = await migrate.migrate(released, reader_password="reader")
    assert last == migrate.available()[-1][0]
    acme, new = await sources.every(released)
    assert (acme.name, acme.streams, acme.excluded_properties) == (
        "acme",
        ("contacts", "deals"),
        {"contacts": ("email",)},
    )
    assert acme.account is not None
    assert acme.account.portal_id == 7
    assert acme.sensitive
    assert (new.name, new.paused, new.account) == ("new", True, None)
    assert len(await sources.object_states(released)) == 2


async def test_names_that_differ_in_case_only_are_told_apart_by_a_number(released: Connection) -> None:
    """Such users could be made until names were compared without case."""
    for name in ("Ana", "ana", "ana (2)", "ANA", "Ana (2)"):
        await released.execute(
            "INSERT INTO users (workspace_id, name, role, password_hash, created_at)"
            " SELECT id, %s, 'viewer', 'argon2', now() FROM workspaces",
            [name],
        )
    await migrate.migrate(released, reader_password="reader")
    cursor = await released.execute("SELECT name FROM users ORDER BY id")
    names = [row["name"] for row in await cursor.fetchall()]
    assert names == ["Zoé", "Ali", "Ana", "ana (3)", "ana (2)", "ANA (4)", "Ana (2) (2)"]


def test_every_migration_has_a_number_of_its_own() -> None:
    numbers = [number for number, _ in migrate.available()]
    assert numbers == list(range(1, len(numbers) + 1))
