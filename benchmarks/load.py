"""The load path against a plain binary COPY of the same rows, in one run, on the embedded PostgreSQL.

    .venv/bin/python benchmarks/load.py [--columns 60,160,250,400] [--rows 50000] [--merge 500000] [--beside PYTHON]

Plain: the typed Arrow batches, encoded by pgpq and copied into a table without keys or indexes, in one transaction
(numbers as text, which is all that pgpq can do exactly). Ours: per batch of 2,000 the numbers' binary form (one batch
ahead in a thread, as in a sync), the lease check, the encoding, the COPY into the real table with its indexes, and the
checkpoint, committed. Again: the same rows once more, found known, staged, compared and left alone. Both start from
the same typed batches; the typing itself is printed beside. ``--merge`` loads that many rows of 60 columns, then
10,000 changes of them. ``--beside`` is a Python that has ``dlt[postgres,duckdb]`` and ``psycopg[binary]``: the same
rows through dlt and through psycopg's executemany. Prints tables, then one line of JSON.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
from pgpq import ArrowToPostgresBinaryEncoder
from psycopg import sql

from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer
from ontologie.database.migrate import READER, migrate
from ontologie.database.pool import Connection, connect
from ontologie.model.checkpoint import Segment, SegmentKind
from ontologie.model.conformed import Conformed
from ontologie.model.record import Batch, Record
from ontologie.model.schema import ColumnType, ObjectSchema, Property
from ontologie.store import lease, tables, wire
from ontologie.store.load import load
from ontologie.store.target import LoadTarget
from ontologie.sync.conform import typed

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BATCH = 2_000
TARGET = 2.0
MIX = (
    (ColumnType.TEXT, 0.60),
    (ColumnType.NUMERIC, 0.16),
    (ColumnType.TIMESTAMPTZ, 0.12),
    (ColumnType.BOOLEAN, 0.07),
    (ColumnType.BIGINT, 0.02),
    (ColumnType.TEXT_ARRAY, 0.02),
    (ColumnType.DATE, 0.01),
)
"""HubSpot's types among a contact's properties; enumerations and phone numbers are text."""
TEXTS = (
    "lead",
    "France",
    "marketingqualifiedlead",
    "Ada Lovelace",
    "ada.lovelace@analytical-engines.example",
    "Head of Revenue Operations",
    "https://www.analytical-engines.example/products/difference-engine?utm_source=ads",
    "Met at the fair in Lyon; wants the report for her team before the end of the quarter, call back in March.",
)
FILLED = (1.0, 0.95, 0.8, 0.6, 0.5, 0.4, 0.25, 0.1, 0.05, 0.0)
"""How full a property is, by turns: half of all values are null, as in a portal that uses a few properties a lot."""
Known: TypeAlias = tuple[tuple[Record, ...], pa.RecordBatch, tuple[int, ...]]
"""Records, their typed batch, and their numbers of rejected values."""
SEGMENT = Segment(kind=SegmentKind.BACKFILL, key="backfill", window_from=NOW)


def schema_of(columns: int) -> ObjectSchema:
    """Properties in HubSpot's mix of types."""
    kinds = [kind for kind, share in MIX for _ in range(round(share * columns))]
    kinds = (kinds + [ColumnType.TEXT] * columns)[:columns]
    random.Random(1).shuffle(kinds)
    return ObjectSchema(
        object_type="contacts",
        properties=tuple(
            Property(name=f"property_{n:03}", label=f"Property {n}", type="string", field_type="text",
                     column_name=f"property_{n:03}", column_type=kind)
            for n, kind in enumerate(kinds)
        ),
    )  # fmt: skip


def value(chance: random.Random, kind: ColumnType) -> str:
    """A value as HubSpot writes it."""
    moment = NOW - timedelta(milliseconds=chance.randrange(10**11))
    match kind:
        case ColumnType.NUMERIC:
            made = str(chance.randrange(100_000)) if chance.random() < 0.7 else f"{chance.random() * 10_000:.2f}"
        case ColumnType.BIGINT:
            made = str(chance.randrange(10_000_000, 99_999_999))
        case ColumnType.TIMESTAMPTZ | ColumnType.DATE:
            made = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            made = made[:10] if kind is ColumnType.DATE else made
        case ColumnType.BOOLEAN:
            made = chance.choice(("true", "false"))
        case ColumnType.TEXT_ARRAY:
            made = ";".join(chance.sample(("newsletter", "webinar", "trade_show", "referral"), 2))
        case _:
            made = chance.choice(TEXTS)
    return made


def records(schema: ObjectSchema, rows: int, *, changed: bool = False) -> Iterator[list[Record]]:
    """Records in batches; ``changed`` gives later versions of them."""
    chance = random.Random(2 if changed else 1)
    properties = [(item.name, item.column_type, FILLED[n % len(FILLED)]) for n, item in enumerate(schema.properties)]
    for first in range(0, rows, BATCH):
        yield [
            Record(
                id=10_000_000 + number,
                properties={
                    name: value(chance, kind) if chance.random() < share else None for name, kind, share in properties
                },
                created_at=NOW,
                updated_at=NOW + timedelta(minutes=changed),
            )
            for number in range(first, min(first + BATCH, rows))
        ]


async def plain_copy(connection: Connection, schema: ObjectSchema, batches: Sequence[pa.RecordBatch]) -> float:
    """Seconds of a plain binary COPY."""
    names = batches[0].schema.names
    kinds = {item.column_name: item.column_type.value for item in schema.properties} | dict(tables.OURS)
    as_text = {ColumnType.NUMERIC.value, ColumnType.JSONB.value}
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(
            sql.Identifier(name), sql.SQL("text" if kinds[name] in as_text else kinds[name].split()[0])
        )
        for name in names
    )
    await connection.execute(sql.SQL("DROP TABLE IF EXISTS plain"))
    await connection.execute(sql.SQL("CREATE TABLE plain ({}) WITH ({})").format(columns, tables.WIDE))
    begin = time.perf_counter()
    statement = "COPY plain FROM STDIN WITH (FORMAT BINARY)"
    async with connection.transaction(), connection.cursor() as cursor, cursor.copy(statement) as copy:
        encoder = ArrowToPostgresBinaryEncoder(batches[0].schema)
        await copy.write(encoder.write_header())
        for item in batches:
            await copy.write(encoder.write_batch(item))
        await copy.write(encoder.finish())
    seconds = time.perf_counter() - begin
    await connection.execute("DROP TABLE plain")
    return seconds


async def fresh_target(connection: Connection, schema: ObjectSchema) -> LoadTarget:
    """An empty source schema with its lease."""
    await connection.execute("DROP SCHEMA IF EXISTS hubspot_bench CASCADE")
    await tables.ensure_source_schema(connection, "hubspot_bench", READER)
    await tables.ensure_object_table(connection, "hubspot_bench", schema)
    epoch = await lease.acquire(connection, "hubspot_bench", owner="bench", ttl=timedelta(hours=1))
    assert epoch is not None
    return LoadTarget(schema_name="hubspot_bench", schema=schema, epoch=epoch)


def prepared(known: Known, schema: ObjectSchema) -> Conformed:
    """The second half of ``conform``."""
    _, batch, rejected = known
    return Conformed(batch=batch, wire=wire.sendable(batch, schema), rejected_values=rejected)


async def load_path(connection: Connection, target: LoadTarget, known: Sequence[Known]) -> float:
    """Seconds of our whole load."""
    begin = time.perf_counter()
    ahead = asyncio.create_task(asyncio.to_thread(prepared, known[0], target.schema))
    for number, (found, *_) in enumerate(known, 1):
        conformed = await ahead
        if number < len(known):
            ahead = asyncio.create_task(asyncio.to_thread(prepared, known[number], target.schema))
        await load(connection, target, Batch(object_type="contacts", records=found, segment=SEGMENT), conformed)
    return time.perf_counter() - begin


async def ratios(connection: Connection, columns: Sequence[int], rows: int) -> list[dict[str, Any]]:
    """A line per width."""
    lines = []
    print(f"{'columns':>8}{'plain rows/s':>14}{'load rows/s':>13}{'ratio':>8}{'target':>8}{'again rows/s':>14}"
          f"{'conform rows/s':>16}")  # fmt: skip
    for width in columns:
        schema = schema_of(width)
        found = list(records(schema, rows))
        begin = time.perf_counter()
        known = [(tuple(batch), *typed(batch, schema, NOW)) for batch in found]
        typing = time.perf_counter() - begin
        plain, ours = [], []
        for _ in range(3):
            await connection.execute("CHECKPOINT")
            plain.append(await plain_copy(connection, schema, [batch for _, batch, _ in known]))
            await connection.execute("CHECKPOINT")
            target = await fresh_target(connection, schema)
            ours.append(await load_path(connection, target, known))
        again = await load_path(connection, target, known)
        line = {
            "columns": width, "rows": rows, "plain_rows_per_s": round(rows / min(plain)),
            "load_rows_per_s": round(rows / min(ours)), "ratio": round(min(ours) / min(plain), 2),
            "again_rows_per_s": round(rows / again), "conform_rows_per_s": round(rows / typing),
        }  # fmt: skip
        print(f"{width:>8}{line['plain_rows_per_s']:>14,}{line['load_rows_per_s']:>13,}{line['ratio']:>8}{TARGET:>8}"
              f"{line['again_rows_per_s']:>14,}{line['conform_rows_per_s']:>16,}", flush=True)  # fmt: skip
        lines.append(line)
    return lines


async def merge(connection: Connection, rows: int, changes: int = 10_000) -> dict[str, Any]:
    """Load ``rows``, generated as they are loaded, then merge changes spread over them."""
    schema = schema_of(60)
    target = await fresh_target(connection, schema)
    half = None
    for number, found in enumerate(records(schema, rows)):
        await load_path(connection, target, [(tuple(found), *typed(found, schema, NOW))])
        if number == rows // BATCH // 2:
            half = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    known = []
    for found in records(schema, changes, changed=True):
        spread = [
            Record(id=10_000_000 + (item.id - 10_000_000) * (rows // changes), properties=item.properties,
                   created_at=item.created_at, updated_at=item.updated_at)
            for item in found
        ]  # fmt: skip
        known.append((tuple(spread), *typed(spread, schema, NOW)))
    seconds = await load_path(connection, target, known)
    print(f"\nmerge of {changes:,} changes into {rows:,} rows of 60 columns: {seconds:.2f} s")
    print(f"peak memory after half of the rows {(half or 0) / 1024:.0f} MB, after all {peak / 1024:.0f} MB")
    return {"merge_seconds": round(seconds, 2), "peak_half_mb": (half or 0) // 1024, "peak_mb": peak // 1024}


def beside(python: str, url: str, folder: Path, rows: int) -> list[dict[str, Any]]:
    """The same rows of 60 columns through others, in a Python of their own."""
    schema = schema_of(60)
    with pq.ParquetWriter(folder / "rows.parquet", typed([], schema, NOW)[0].schema) as writer:
        for found in records(schema, rows):
            writer.write_batch(typed(found, schema, NOW)[0])
    done = subprocess.run(
        [python, str(Path(__file__).with_name("load_beside.py")), str(folder / "rows.parquet"), url],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    lines: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{rows:,} rows of 60 columns")
    for line in lines:
        print(f"{line['who']:>28}{line['rows_per_s']:>12,} rows/s")
    return lines


async def main(options: argparse.Namespace) -> None:
    """Everything asked for, on a server of our own."""
    with tempfile.TemporaryDirectory(prefix="ontologie-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 - run by root, the server has an account of its own
        server = EmbeddedServer(Path(folder), SystemClock())
        url = await server.acquire()
        try:
            connection = await connect(url)
            async with connection:
                await migrate(connection, reader_password="reader")
                columns = [int(item) for item in options.columns.split(",") if item]
                result: dict[str, Any] = {"ratios": await ratios(connection, columns, options.rows)}
                if options.merge:
                    result |= await merge(connection, options.merge)
                if options.beside:
                    result["beside"] = beside(options.beside, url, Path(folder), options.rows)
        finally:
            await server.release()
    print(json.dumps(result))
    sys.exit(any(line["ratio"] > TARGET for line in result["ratios"]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--columns", default="60,160,250,400")
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--merge", type=int, default=0)
    parser.add_argument("--beside", default="")
    sys.setswitchinterval(0.0005)  # as every command of ours does
    asyncio.run(main(parser.parse_args()))
