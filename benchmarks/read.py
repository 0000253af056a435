"""Reading a table into typed Arrow: our COPY as CSV, psycopg's rows, and ADBC where it is installed.

    .venv/bin/python benchmarks/read.py [--rows 20000] [--columns 60]

Each reads every column of the same table over TCP into Arrow, batch by batch. Prints a table, then one line of JSON.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import load
import psycopg
import pyarrow as pa

from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer
from ontologie.database.migrate import migrate
from ontologie.database.pool import connect
from ontologie.store import arrow
from ontologie.sync.conform import typed


def by_csv(url: str) -> int:
    """What the Python API and exports do; numbers as decimals, measured first."""
    with arrow.snapshot(url) as connection:
        table = arrow.tables(connection, "hubspot_bench", time_zone="UTC")["contacts"]
        return sum(b.num_rows for b in arrow.read(connection, arrow.Query(table=table, columns=tuple(table.columns))))


def by_rows(url: str) -> int:
    """A server-side cursor's rows, binary, turned into columns."""
    found = 0
    with psycopg.connect(url) as connection, connection.cursor("rows", binary=True) as cursor:
        cursor.execute("SELECT * FROM hubspot_bench.contacts")
        while rows := cursor.fetchmany(20_000):
            found += len(pa.table({str(n): pa.array(column) for n, column in enumerate(zip(*rows, strict=True))}))
    return found


def by_adbc(url: str) -> int:
    """The ADBC driver's record batches; it gives numbers as text."""
    import adbc_driver_postgresql.dbapi as adbc

    with adbc.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM hubspot_bench.contacts")
        return sum(batch.num_rows for batch in cursor.fetch_record_batch())


async def fill(url: str, rows: int, columns: int) -> None:
    """The table to read."""
    schema = load.schema_of(columns)
    async with await connect(url) as connection:
        await migrate(connection, reader_password="reader")
        target = await load.fresh_target(connection, schema)
        known = [(tuple(found), *typed(found, schema, datetime.now(UTC))) for found in load.records(schema, rows)]
        await load.load_path(connection, target, known)


def main(rows: int, columns: int) -> None:
    """Everything, on a server of our own."""
    ways: dict[str, Callable[[str], int]] = {"COPY as CSV (ours)": by_csv, "psycopg rows": by_rows, "ADBC": by_adbc}
    result: dict[str, Any] = {"rows": rows, "columns": columns}
    with tempfile.TemporaryDirectory(prefix="ontologie-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 - run by root, the server has an account of its own
        server = EmbeddedServer(Path(folder), SystemClock())
        url = asyncio.run(server.acquire())
        try:
            asyncio.run(fill(url, rows, columns))
            for name, way in ways.items():
                try:
                    way(url)
                    begin = time.perf_counter()
                    assert way(url) == rows
                    result[name] = round(rows / (time.perf_counter() - begin))
                    print(f"{name:>20}{result[name]:>12,} rows/s", flush=True)
                except ImportError:
                    print(f"{name:>20}  not installed")
        finally:
            asyncio.run(server.release())
    print(json.dumps(result))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--columns", type=int, default=60)
    options = parser.parse_args()
    main(options.rows, options.columns)
