"""The rows of a Parquet file through others: dlt to PostgreSQL and to DuckDB, psycopg's executemany. Run by load.py.

    PYTHON-WITH-DLT benchmarks/load_beside.py ROWS.parquet POSTGRES-URL

dlt gets the Arrow table itself, its quickest way; psycopg the rows as tuples. Prints one line of JSON.
"""

import json
import os
import sys
import tempfile
import time
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


def with_dlt(name: str, destination: Any, table: Any) -> float:
    """Seconds of one pipeline run."""
    import dlt

    pipeline = dlt.pipeline(f"bench_{name}", destination=destination, dataset_name=f"bench_{name}")
    begin = time.perf_counter()
    pipeline.run([table], table_name="contacts", write_disposition="merge", primary_key="id")
    return time.perf_counter() - begin


def with_psycopg(url: str, table: Any) -> float:
    """Seconds of executemany with ON CONFLICT, 2,000 rows a transaction."""
    kinds = {"int64": "bigint", "string": "text", "bool": "bool", "date32[day]": "date", "timestamp[us]": "timestamp"}
    columns = ", ".join(f"{field.name} {kinds[str(field.type)]}" for field in table.schema)
    names = table.schema.names
    statement = (
        f"INSERT INTO beside ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
        f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in names[1:])}"
    )
    rows = [tuple(row.values()) for row in table.to_pylist()]
    with psycopg.connect(url) as connection:
        connection.execute(f"DROP TABLE IF EXISTS beside; CREATE TABLE beside ({columns}, PRIMARY KEY (id))")
        connection.commit()
        begin = time.perf_counter()
        for first in range(0, len(rows), 2_000):
            with connection.cursor() as cursor:
                cursor.executemany(statement, rows[first : first + 2_000])
            connection.commit()
        return time.perf_counter() - begin


def main(path: str, url: str) -> None:
    """All of them."""
    import dlt

    table = pq.read_table(path)
    for place, field in enumerate(table.schema):
        if pa.types.is_list(field.type):  # dlt refuses lists on their way to PostgreSQL
            table = table.set_column(place, field.name, pc.binary_join(table[place], ";"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DLT_DATA_DIR"] = folder
        seconds = {
            "dlt to PostgreSQL": with_dlt("postgres", dlt.destinations.postgres(url), table),
            "dlt to DuckDB": with_dlt("duckdb", dlt.destinations.duckdb(f"{folder}/bench.duckdb"), table),
            "psycopg executemany": with_psycopg(url, table),
        }
    print(json.dumps([{"who": who, "rows_per_s": round(table.num_rows / taken)} for who, taken in seconds.items()]))


if __name__ == "__main__":
    main(*sys.argv[1:])
