"""How many sources one database bears: what each source's schema adds to the catalogue, and what that costs.

    .venv/bin/python benchmarks/many_schemas.py --schemas 1000

Makes empty schemas as the product does (nine object types of 60 to 160 columns each) and measures at every quarter:
making one more schema, the catalogue's size, the first query of a new connection on a table it has not seen, and the
memory of a connection that has touched every table of 100 sources.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer
from ontologie.database.migrate import READER, migrate
from ontologie.database.pool import Connection, connect
from ontologie.model.schema import ColumnType, ObjectSchema, Property
from ontologie.store.tables import ensure_object_table, ensure_source_schema

WIDTHS = {
    "contacts": 160, "companies": 120, "deals": 100, "tickets": 80, "emails": 60, "calls": 60, "notes": 60,
    "tasks": 60, "meetings": 60,
}  # fmt: skip
_CATALOGUE = (
    "SELECT sum(pg_total_relation_size(oid))::bigint AS bytes FROM pg_class"
    " WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r'"
)
_MEMORY = "SELECT sum(total_bytes)::bigint AS bytes FROM pg_backend_memory_contexts"


def schema_of(object_type: str, width: int) -> ObjectSchema:
    kinds = (ColumnType.TEXT, ColumnType.NUMERIC, ColumnType.TIMESTAMPTZ, ColumnType.BOOLEAN)
    properties = tuple(
        Property(
            name=f"property_{number}", label=f"Property {number}", type="string", field_type="text",
            column_name=f"property_{number}", column_type=kinds[number % len(kinds)],
        )
        for number in range(width)
    )  # fmt: skip
    return ObjectSchema(object_type=object_type, properties=properties)


SCHEMAS = {name: schema_of(name, width) for name, width in WIDTHS.items()}


async def make(connection: Connection, number: int) -> float:
    begun = time.perf_counter()
    name = f"hubspot_s{number}"
    await ensure_source_schema(connection, name, READER)
    for schema in SCHEMAS.values():
        await ensure_object_table(connection, name, schema)
    return time.perf_counter() - begun


async def measure(url: str, count: int, seconds: list[float]) -> dict[str, Any]:
    async with await connect(url) as fresh:
        catalogue = await one(fresh, _CATALOGUE)
        relations = await one(fresh, "SELECT count(*)::bigint AS bytes FROM pg_class")
        begun = time.perf_counter()
        await fresh.execute(f"SELECT * FROM hubspot_s{count - 1}.contacts LIMIT 1".encode())
        first_ms = (time.perf_counter() - begun) * 1000
        touched = min(count, 100)
        for number in range(touched):
            for name in WIDTHS:
                await fresh.execute(f"SELECT * FROM hubspot_s{number}.{name} LIMIT 1".encode())
        memory = await one(fresh, _MEMORY)
    return {
        "schemas": count, "relations": relations, "catalogue_mb": round(catalogue / 1e6),
        "make_one_s": round(statistics.median(seconds[-20:]), 2), "first_query_ms": round(first_ms, 1),
        "memory_mb_after_100_sources": round(memory / 1e6),
    }  # fmt: skip


async def one(connection: Connection, statement: str) -> int:
    row = await (await connection.execute(statement.encode())).fetchone()
    return int(row["bytes"]) if row else 0


async def run(home: Path, schemas: int) -> list[dict[str, Any]]:
    server = EmbeddedServer(home, SystemClock())
    url = await server.acquire()
    found, seconds = [], []
    try:
        async with await connect(url) as connection:
            await migrate(connection, reader_password="benchmark")
            for number in range(schemas):
                seconds.append(await make(connection, number))
                if (number + 1) % max(1, schemas // 4) == 0:
                    found.append(await measure(url, number + 1, seconds))
                    print(json.dumps(found[-1]), flush=True)
    finally:
        await server.release()
    return found


def main() -> None:
    """Make the schemas and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schemas", type=int, default=1_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ontologie-bench-") as folder:
        Path(folder).chmod(0o755)
        found = asyncio.run(run(Path(folder), chosen.schemas))
    for name in found[0]:
        print(f"{name:>32}" + "".join(f"{item[name]!s:>12}" for item in found))


if __name__ == "__main__":
    main()
