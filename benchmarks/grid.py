"""How quickly a reader's questions about a large table are answered by PostgreSQL, through ``store.grid``.

    .venv/bin/python benchmarks/grid.py [--contacts 500000] [--properties 160]

Makes the contacts in an embedded server of its own, every second property filled, then makes the indexes as the end of
a first sync does. Each question is asked five times; the median and the slowest are told, in milliseconds. Prints a
table, then one line of JSON.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from psycopg import sql

from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer
from ontologie.database.migrate import READER, migrate
from ontologie.database.pool import Connection, connect
from ontologie.model.schema import ColumnType, ObjectSchema, Property
from ontologie.model.selection import Filter, Operator, Selection
from ontologie.store import grid, indexes, tables
from ontologie.store.selecting import Table

SCHEMA = "hubspot_bench"
PATIENCE = timedelta(seconds=60)
COUNTING = timedelta(milliseconds=400)
SHOWN = ("firstname", "lastname", "email", "phone", "company", "lifecyclestage", "createdate", "p000", "p001", "p002")
_STAGES = ("subscriber", "lead", "opportunity", "customer")
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
    return Property(name=name, label=name, type="string", field_type="text", column_name=name, column_type=kind)


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


async def _timed(name: str, question: Any) -> dict[str, Any]:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        await question()
        times.append((time.perf_counter() - began) * 1000)
    return {"question": name, "median_ms": round(statistics.median(times), 1), "slowest_ms": round(max(times), 1)}


async def run(home: Path, contacts: int, properties: int) -> dict[str, Any]:
    server = EmbeddedServer(home, SystemClock())
    connection = await connect(await server.acquire())
    try:
        await migrate(connection, reader_password="reader")
        schema = _schema(properties)
        began = time.perf_counter()
        await fill(connection, schema, contacts)
        filled = time.perf_counter()
        await indexes.ensure_indexes(connection, SCHEMA, "contacts")
        indexed = time.perf_counter()
        columns = await indexes.columns_of(connection, SCHEMA, "contacts")
        table = Table(schema_name=SCHEMA, object_type="contacts", columns=columns, time_zone="Europe/Paris")
        questions = await measure(connection, table)
    finally:
        await connection.close()
        await server.release()
    return {"contacts": contacts, "properties": properties, "fill_s": round(filled - began, 1),
            "indexes_s": round(indexed - filled, 1), "questions": questions}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else "")
    parser.add_argument("--contacts", type=int, default=500_000)
    parser.add_argument("--properties", type=int, default=160)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ontologie-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # run by root, the server has an account of its own
        result = asyncio.run(run(home, given.contacts, given.properties))
    print(
        f"{result['contacts']:,} contacts of {result['properties']} properties; indexes made in {result['indexes_s']} s"
    )
    for item in result["questions"]:
        print(f"{item['question']:<52}{item['median_ms']:>10.1f}{item['slowest_ms']:>10.1f}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
