"""How quickly a reader's questions about a large table are answered: by PostgreSQL through ``store.grid``, and by the
pages over HTTP; with ``--browser`` also by the spreadsheet in a real Chromium.

    .venv/bin/python benchmarks/grid.py [--contacts 500000] [--properties 160] [--browser]

Makes the contacts in an installation of its own, every second property filled, then makes the indexes as the end of a
first sync does. Each question is asked five times, slow ones less often; the median and the slowest are told, in
milliseconds. Pages come over a real socket from the real application, to somebody who is logged in, and are read to
their end. In the browser (``benchmarks/grid_browser.py``) it is seven times from the start of the navigation to the
first contentful paint and to the first row painted, and from a click to the first of the new rows painted. Prints its
tables, then one line of JSON.
"""

import argparse
import asyncio
import contextlib
import gzip
import json
import socket
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import grid_browser
import uvloop
from psycopg import sql

from ontologie.database import runs, sources
from ontologie.database.migrate import READER
from ontologie.database.pool import Connection
from ontologie.database.sources import NewSource
from ontologie.model.run import ObjectProgress, RunOptions, RunStatus
from ontologie.model.schema import ColumnType, ObjectSchema, Property
from ontologie.model.selection import Filter, Operator, Selection
from ontologie.model.stream import StreamStatus
from ontologie.services import access
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.store import grid, indexes, tables
from ontologie.store.selecting import Table
from ontologie.web.server import Server
from ontologie.wiring import pages, system

SCHEMA = "hubspot_bench"
PATIENCE = timedelta(seconds=60)
COUNTING = timedelta(milliseconds=400)
_TIMES = 5
_LONG_MS = 3_000
"""A question that has taken so long in all is not asked again."""
SHOWN = ("firstname", "lastname", "email", "phone", "company", "lifecyclestage", "createdate", "p000", "p001", "p002")
_STAGES = ("subscriber", "lead", "opportunity", "customer")
_OPTIONS = {"lifecyclestage": tuple((stage, stage.capitalize()) for stage in _STAGES)}
_NAMED = {
    "firstname": "'First' || g % 997",
    "lastname": "'Name' || (g * 7919) % 100003",
    "email": "'person' || g || '@company' || g % 5003 || '.example'",
    "phone": "'+33 6 ' || g",
    "company": "'Company ' || g % 5003",
    "lifecyclestage": "(ARRAY['subscriber','lead','opportunity','customer'])[1 + g % 4]",
}
_DATED = {"createdate": "timestamptz '2020-01-01' + g * interval '7 minutes'"}


def _property(name: str, kind: ColumnType) -> Property:
    return Property(name=name, label=name, type="string", field_type="text", column_name=name, column_type=kind,
                    options=_OPTIONS.get(name, ()))  # fmt: skip


def _schema(properties: int) -> ObjectSchema:
    named = [_property(name, ColumnType.TEXT) for name in _NAMED]
    dated = [_property(name, ColumnType.TIMESTAMPTZ) for name in _DATED]
    rest = properties - len(named) - len(dated)
    kinds = (ColumnType.TEXT, ColumnType.NUMERIC)
    others = [_property(f"p{number:03}", kinds[number % 2]) for number in range(rest)]
    return ObjectSchema(
        object_type="contacts", properties=tuple(sorted([*named, *dated, *others], key=lambda i: i.name))
    )


def _value(item: Property) -> str:
    known = _NAMED.get(item.name) or _DATED.get(item.name)
    if known:
        return known
    number = int(item.name[1:])
    if number // 2 % 2:
        return "NULL"
    return f"(g * {number + 3}) % 10007" if number % 2 else f"'value ' || (g + {number}) % 9973"


async def fill(connection: Connection, schema: ObjectSchema, contacts: int) -> None:
    """The table with its rows, as a first sync leaves it."""
    await tables.ensure_source_schema(connection, SCHEMA, READER)
    await tables.ensure_object_table(connection, SCHEMA, schema)
    names = ["id", "_created_at", "_updated_at", "_synced_at", *(item.column_name for item in schema.properties)]
    values = ["g", "now()", "timestamptz '2026-01-01' + ((g * 7919) % 500009) * interval '1 second'", "now()"]
    values += [_value(item) for item in schema.properties]
    statement = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM generate_series(1::bigint, {}) AS g").format(
        sql.Identifier(SCHEMA, "contacts"),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(map(sql.SQL, values)),
        sql.Literal(contacts),
    )
    await connection.execute(statement)


def _questions() -> dict[str, Selection]:
    stage = Filter(column="lifecyclestage", operator=Operator.AMONG, values=(_STAGES[1],))
    return {
        "first page, latest changes": Selection(),
        "sorted by last name (index)": Selection(order="lastname", descending=False),
        "sorted by create date, newest first (index)": Selection(order="createdate"),
        "search for a word": Selection(search="company4711"),
        "search for two words": Selection(search="first3 name77"),
        "filter by stage, latest changes": Selection(filters=(stage,)),
        "filter by stage, sorted by e-mail (index)": Selection(filters=(stage,), order="email", descending=False),
        "filter: text contains (no index), a hit in 5,000": Selection(
            filters=(Filter(column="company", operator=Operator.CONTAINS, values=("ny 4711",)),)
        ),
        "sorted by a number (no index)": Selection(order="p001"),
    }


async def ask(connection: Connection, table: Table, selection: Selection, after: grid.Place | None) -> grid.Page:
    async with grid.reading(connection, patience=PATIENCE):
        return await grid.page(connection, table, selection, columns=SHOWN, after=after, limit=100)


async def measure(connection: Connection, table: Table) -> list[dict[str, Any]]:
    found = []
    for name, selection in _questions().items():
        found.append(await _timed(name, lambda chosen=selection: ask(connection, table, chosen, None)))
    deep = None
    for _ in range(50):
        deep = (await ask(connection, table, Selection(), deep)).end
    found.append(await _timed("page 51 of the latest changes", lambda: ask(connection, table, Selection(), deep)))
    for name, selection in (("count, all", Selection()), ("count, search", Selection(search="company4711"))):
        found.append(
            await _timed(name, lambda chosen=selection: grid.count(connection, table, chosen, patience=COUNTING))
        )
    return found


async def _timed(name: str, question: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
    times = []
    while len(times) < _TIMES and sum(times) < _LONG_MS:
        began = time.perf_counter()
        await question()
        times.append((time.perf_counter() - began) * 1000)
    return {"question": name, "median_ms": round(statistics.median(times), 1), "slowest_ms": round(max(times), 1)}


def _pages(newest: str) -> dict[str, str]:
    table = "/streams/bench/contacts"
    rows = f"{table}/rows?{urlencode({'cols': ','.join(SHOWN), 'limit': 100})}"
    stage = urlencode({"f": '["lifecyclestage","among","lead"]'})
    return {
        "connectors": "/connectors",
        "sources": "/sources",
        "a source": "/sources/bench",
        "streams": "/streams",
        "monitoring": "/monitoring",
        "diagnostic": "/diagnostic",
        "runs of a source": "/sources/bench/runs",
        "the spreadsheet's page": table,
        "its first rows": rows,
        "its rows sorted by last name (index)": f"{rows}&sort=lastname",
        "its rows filtered by stage, latest changes": f"{rows}&{stage}",
        "its rows filtered by stage, sorted by e-mail (index)": f"{rows}&{stage}&sort=email",
        "its rows found by a word": f"{rows}&q=company4711",
        "its count": f"{table}/count?",
        "a record": f"{table}/records/{newest}",
        "schema": f"{table}/schema",
        "rejected values": f"{table}/rejected",
        "runs of a table": f"{table}/runs",
        "pictures, the page": "/streams/bench",
        "pictures, contacts by stage": "/streams/bench/pictures/lifecycle",
    }


async def measure_pages(url: str, session: str) -> list[dict[str, Any]]:
    """Every page of the source, as a browser gets it."""
    headers = {"accept": "text/html", "cookie": f"session={session}"}
    async with aiohttp.ClientSession(url, headers=headers) as browser:

        async def read(path: str) -> bytes:
            async with browser.get(path) as answer:
                body = await answer.read()
                if answer.status != HTTPStatus.OK:
                    raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
                return body

        found = []
        for name, path in _pages("1").items():
            measured = await _timed(name, lambda wanted=path: read(wanted))
            size = len(gzip.compress(await read(path))) / 1000
            found.append({**measured, "gzipped_kb": round(size, 1)})
        return found


@contextlib.asynccontextmanager
async def _serving(context: Context, settings: Settings) -> AsyncIterator[tuple[str, str]]:
    """The pages on a socket, and the session of somebody who is logged in."""
    link = await access.login_link(context)
    session = await access.redeem_login_link(context, link)
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(pages(context, settings, secure_cookies=False))
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", session
    finally:
        server.stop()
        await serving


async def add_source(connection: Connection, contacts: int) -> None:
    """The source whose table this is, as its last run left it."""
    now = datetime.now(UTC)
    new = NewSource(
        name="bench", connector="hubspot", api_url="https://api.hubapi.com", schema_name=SCHEMA, streams=("contacts",),
        excluded_properties={}, sensitive=False, hard_delete=False, frequency="manual", account=None, next_run_at=None,
        created_at=now,
    )  # fmt: skip
    source = await sources.insert(connection, new)
    for _ in range(200):
        run = await runs.insert(connection, source.id, options=RunOptions(), trigger="schedule", now=now)
        if run is None:
            raise RuntimeError("a run is open")
        progress = ObjectProgress(object_type="contacts", stream="contacts", status=StreamStatus.SYNCED, read=contacts)
        await runs.record(connection, run.id, [progress])
        await runs.finish(connection, run, RunStatus.SYNCED, now)
        state = sources.state_after(source.id, progress, records=contacts, synced_at=now)
        await sources.save_object_states(connection, [state])


async def run(home: Path, contacts: int, properties: int, *, browser: bool) -> dict[str, Any]:
    settings = Settings.model_validate({"home": home})
    async with system(settings) as context, context.pool.connection() as connection:
        schema = _schema(properties)
        began = time.perf_counter()
        await fill(connection, schema, contacts)
        filled = time.perf_counter()
        await indexes.ensure_indexes(connection, SCHEMA, "contacts")
        indexed = time.perf_counter()
        columns = await indexes.columns_of(connection, SCHEMA, "contacts")
        table = Table(schema_name=SCHEMA, object_type="contacts", columns=columns, time_zone="Europe/Paris")
        await add_source(connection, contacts)
        found = {"questions": await measure(connection, table)}
        async with _serving(context, settings) as (url, session):
            found["pages"] = await measure_pages(url, session)
            if browser:
                found["browser"] = await grid_browser.measure(url, session, SHOWN, _STAGES)
    return {"contacts": contacts, "properties": properties, "fill_s": round(filled - began, 1),
            "indexes_s": round(indexed - filled, 1), **found}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else "")
    parser.add_argument("--contacts", type=int, default=500_000)
    parser.add_argument("--properties", type=int, default=160)
    parser.add_argument("--browser", action="store_true", help="also in a real Chromium")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ontologie-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # run by root, the server has an account of its own
        result = uvloop.run(run(home, given.contacts, given.properties, browser=given.browser))
    print(
        f"{result['contacts']:,} contacts of {result['properties']} properties; indexes made in {result['indexes_s']} s"
    )
    _tell("in PostgreSQL", result["questions"])
    print(f"\n{'over HTTP, whole':<52}{'median':>10}{'slowest':>10}{'kB gzipped':>12}")
    for item in result["pages"]:
        print(f"{item['question']:<52}{item['median_ms']:>10.1f}{item['slowest_ms']:>10.1f}{item['gzipped_kb']:>12.1f}")
    if given.browser:
        _tell("in the browser", result["browser"])
    print(json.dumps(result))


def _tell(title: str, measured: list[dict[str, Any]]) -> None:
    print(f"\n{title:<52}{'median':>10}{'slowest':>10}")
    for item in measured:
        print(f"{item['question']:<52}{item['median_ms']:>10.1f}{item['slowest_ms']:>10.1f}")


if __name__ == "__main__":
    main()
