"""Numbers in PostgreSQL's binary form are the numbers that PostgreSQL reads from their text."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontologie.database.pool import Connection
from ontologie.store.numerics import binary_numbers

plain = st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{1,12})?", fullmatch=True)
exponents = st.from_regex(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,5})[eE][+-]?[0-9]{1,2}", fullmatch=True)


async def both(connection: Connection, texts: list[str | None]) -> tuple[list[str | None], list[str | None]]:
    """What PostgreSQL shows of the binary forms, and of the texts."""
    await connection.execute("CREATE TEMP TABLE IF NOT EXISTS sent (at int, number numeric)")
    await connection.execute("TRUNCATE sent")
    async with connection.cursor() as cursor, cursor.copy("COPY sent FROM STDIN WITH (FORMAT BINARY)") as copy:
        copy.set_types(["int4", "numeric"])
        await copy.write(b"PGCOPY\n\xff\r\n\x00" + bytes(8))
        for at, value in enumerate(binary_numbers(pa.array(texts, pa.string())).to_pylist()):
            field = b"\xff\xff\xff\xff" if value is None else len(value).to_bytes(4, "big") + value
            await copy.write(b"\x00\x02\x00\x00\x00\x04" + at.to_bytes(4, "big") + field)
        await copy.write(b"\xff\xff")
    cursor = await connection.execute("SELECT number::text AS n FROM sent ORDER BY at")
    found = [row["n"] for row in await cursor.fetchall()]
    cursor = await connection.execute(
        "SELECT t::numeric::text AS n FROM unnest(%s::text[]) WITH ORDINALITY AS u (t, at) ORDER BY at", [texts]
    )
    return found, [row["n"] for row in await cursor.fetchall()]


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [None],
        ["0", "-0", "7", "-7", None, "10000", "9999", "9223372036854775807", "-9223372036854775807"],
        ["0.5", "-0.05", "5.00", "00012.10", "92233720368.54775807", "-92233720368.54775808", None],
        ["1699999999999", "0.5"],
        ["12345678901234567890123456789012345678.5", "9" * 1_000 + "." + "9" * 1_000, "1e-300", "9e999", ".5", "5."],
    ],
)
async def test_the_edges_of_each_way(connection: Connection, texts: list[str | None]) -> None:
    found, expected = await both(connection, texts)
    assert found == expected


async def test_any_column_of_numbers(connection: Connection) -> None:
    columns: list[list[str | None]] = []

    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.none() | plain, max_size=8) | st.lists(st.none() | plain | exponents, max_size=8))
    def collect(texts: list[str | None]) -> None:
        columns.append(texts)

    collect()
    for texts in columns:
        found, expected = await both(connection, texts)
        assert found == expected, texts


def test_a_slice_of_a_column_is_that_slice() -> None:
    whole = pa.array(["1.5", None, "-3", "4"], pa.string())
    assert binary_numbers(whole.slice(1, 2)).to_pylist() == binary_numbers(whole).slice(1, 2).to_pylist()
