"""Tables as files: every value comes back as it is stored, in each format."""

import csv
import errno
import json
import os
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from ontologie.errors import OperatorError, UsageError
from ontologie.model.schema import ColumnType
from ontologie.model.selection import Filter, Operator, Selection
from ontologie.services import exporting, sources
from ontologie.services.context import Context
from ontologie.services.exporting import Format, Options, TableRequest
from ontologie.services.sources import SourceRequest
from ontologie.store import tables
from tests.unit.store.rows import NOW, Bench, prop, record, schema_of

BIG = "123456789012345678901234567890.000000000000000000001"
SCHEMA = schema_of(
    prop("firstname", label="First name"),
    prop("score", ColumnType.NUMERIC, label="Score"),
    prop("huge", ColumnType.NUMERIC),
    prop("owner", ColumnType.BIGINT),
    prop("optin", ColumnType.BOOLEAN),
    prop("born", ColumnType.DATE),
    prop("seen", ColumnType.TIMESTAMPTZ),
    prop("tags", ColumnType.TEXT_ARRAY),
    prop("extra", ColumnType.JSONB),
)
COLUMNS = ("id", "firstname", "score", "huge", "owner", "optin", "born", "seen", "tags", "extra")
ALL = TableRequest(object_type="contacts", columns=COLUMNS)
SEEN = datetime(2026, 11, 20, 12, 0, 0, 123000, tzinfo=UTC)


@pytest.fixture
async def filled(context: Context) -> Context:
    """A source with contacts that hold every kind of value, and one company."""
    await sources.add(context, SourceRequest(name="acme", connector="hubspot", token="portal-7", frequency="manual"))
    async with context.pool.connection() as connection:
        await tables.ensure_source_schema(connection, "hubspot_acme", "ontologie_reader")
        bench = Bench(connection, "hubspot_acme")
        await bench.take_lease()
        await bench.ensure(SCHEMA)
        await bench.load(
            SCHEMA,
            record(1, {"firstname": "=HYPERLINK(\"http://x\")", "score": "-12.50", "huge": BIG,
                       "owner": "9007199254740993", "optin": "true", "born": "0001-01-01",
                       "seen": "2026-11-20T12:00:00.123Z", "tags": "b;a", "extra": '{"k": [1, null]}'}),
            record(2, {"firstname": 'é"\r\n,;\\N', "score": "7", "optin": "false", "born": "9999-12-31", "tags": ";"}),
            record(3, {"firstname": ""}),
            record(4, {"firstname": "gone"}, archived_at=NOW),
        )  # fmt: skip
        companies = schema_of("name", object_type="companies")
        await bench.ensure(companies)
        await bench.load(companies, record(10, {"name": "Acme"}))
    return context


async def written(
    context: Context, kind: Format, folder: Path, *requests: TableRequest, options: Options = Options()  # noqa: B008
) -> Path:
    target = folder / f"out.{kind.value}"
    await exporting.export(context, "acme", requests or (ALL,), kind, target, options)
    return target


def in_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


async def test_parquet_is_typed_and_exact(filled: Context, tmp_path: Path) -> None:
    table = pq.read_table(await written(filled, Format.PARQUET, tmp_path))
    first, second, third = table.to_pylist()
    assert first == {
        "id": 1, "firstname": '=HYPERLINK("http://x")', "score": Decimal("-12.5"), "huge": BIG,
        "owner": 9_007_199_254_740_993, "optin": True, "born": date(1, 1, 1), "seen": SEEN, "tags": ["b", "a"],
        "extra": '{"k": [1, null]}',
    }  # fmt: skip
    assert (second["firstname"], second["tags"], second["optin"]) == ('é"\r\n,;\\N', [], False)
    assert (third["firstname"], third["tags"], third["score"]) == ("", None, None)


async def test_duckdb_holds_all_tables(filled: Context, tmp_path: Path) -> None:
    path = await written(filled, Format.DUCKDB, tmp_path, ALL, TableRequest(object_type="companies"))
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT sum(score), max(owner) FROM contacts").fetchone() == (
            Decimal("-5.5"), 9_007_199_254_740_993
        )  # fmt: skip
        assert connection.execute("SELECT name FROM companies").fetchall() == [("Acme",)]


async def test_csv_has_every_digit_and_tells_nothing_from_an_empty_text(filled: Context, tmp_path: Path) -> None:
    path = await written(filled, Format.CSV, tmp_path)
    rows = in_csv(path)
    assert rows[0]["firstname"] == '=HYPERLINK("http://x")'
    assert (rows[0]["huge"], rows[0]["score"], rows[0]["tags"]) == (BIG, "-12.50", "b;a")
    assert rows[1]["firstname"] == 'é"\r\n,;\\N'
    assert ',"",' in path.read_text(encoding="utf-8").splitlines()[-1]


async def test_csv_for_spreadsheets_holds_no_formula_and_says_its_encoding(filled: Context, tmp_path: Path) -> None:
    path = await written(filled, Format.CSV, tmp_path, options=Options(for_spreadsheets=True))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = in_csv(path)
    assert rows[0]["firstname"] == "'=HYPERLINK(\"http://x\")"
    assert rows[0]["score"] == "-12.50", "a negative number is no formula"


async def test_json_lines_keep_numbers_exact_and_ids_as_text(filled: Context, tmp_path: Path) -> None:
    path = await written(filled, Format.JSONL, tmp_path)
    lines = path.read_text(encoding="utf-8").split("\n")
    assert f'"huge":{BIG}' in lines[0]
    first: dict[str, Any] = json.loads(lines[0], parse_float=Decimal)
    assert (first["id"], first["owner"]) == ("1", "9007199254740993")
    assert (first["score"], first["tags"], first["extra"]) == (Decimal("-12.50"), ["b", "a"], {"k": [1, None]})
    assert first["seen"].startswith("2026-11-20T12:00:00.123")
    assert json.loads(lines[1])["tags"] == []


async def test_excel_has_sheets_dates_and_numbers_and_no_formula(filled: Context, tmp_path: Path) -> None:
    options = Options(labels=True, for_spreadsheets=True)
    path = await written(
        filled, Format.EXCEL, tmp_path, ALL, TableRequest(object_type="companies"), options=options
    )
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["contacts", "companies"]
    rows = list(book["contacts"].iter_rows())
    found = {head.value: cell for head, cell in zip(rows[0], rows[1], strict=True)}
    assert (found["First name"].data_type, found["First name"].value) == ("s", '=HYPERLINK("http://x")')
    assert found["Score"].value == -12.5
    assert found["huge"].value == BIG, "more digits than Excel's numbers have stay text"
    assert found["owner"].value == "9007199254740993"
    assert found["optin"].value is True
    assert found["born"].value == "0001-01-01", "before Excel's first day"
    assert found["seen"].value == SEEN.replace(tzinfo=None)


async def test_a_view_is_written_as_it_is_filtered_and_ordered(filled: Context, tmp_path: Path) -> None:
    selection = Selection(
        filters=(Filter(column="score", operator=Operator.FILLED),), order="score", descending=True
    )
    request = TableRequest(object_type="contacts", columns=("score", "id"), selection=selection)
    path = await written(filled, Format.CSV, tmp_path, request)
    assert path.read_text().splitlines() == ['"score","id"', '"7",2', '"-12.50",1']


async def test_a_source_as_parquet_is_a_folder_of_files(filled: Context, tmp_path: Path) -> None:
    seen: list[exporting.Progress] = []
    target = tmp_path / "acme"
    requests = [TableRequest(object_type=name) for name in ("contacts", "companies", "deals")]
    done = await exporting.export(
        filled, "acme", requests, Format.PARQUET, target, Options(on_progress=seen.append)
    )
    assert done.records == {"contacts": 3, "companies": 1}
    assert [file.name for file in done.files] == ["contacts.parquet", "companies.parquet"]
    assert all(file.is_file() for file in done.files)
    assert [(item.object_type, item.written, item.total) for item in seen] == [("contacts", 3, 3), ("companies", 1, 1)]


@pytest.mark.parametrize(
    ("requests", "code"),
    [
        ([TableRequest(object_type="contacts", columns=("x",))], "COLUMN_UNKNOWN"),
        ([TableRequest(object_type="nothings")], "TABLE_UNKNOWN"),
        ([TableRequest(object_type="deals")], "NOTHING_TO_EXPORT"),
    ],
)
async def test_what_cannot_be_written_says_why_and_leaves_nothing(
    filled: Context, tmp_path: Path, requests: list[TableRequest], code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        await written(filled, Format.CSV, tmp_path, *requests)
    assert caught.value.code == code
    assert os.listdir(tmp_path) == []  # noqa: PTH208


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", Format)
async def test_a_disk_that_is_full_before_all_rows_are_read_ends_it(
    filled: Context, tmp_path: Path, kind: Format
) -> None:
    def full(_: exporting.Progress) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OperatorError) as refused:
        await written(filled, kind, tmp_path, options=Options(on_progress=full))
    assert refused.value.code == "FILE_NO_ROOM"
    assert os.listdir(tmp_path) == []  # noqa: PTH208


async def test_nothing_is_replaced(filled: Context, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("mine")
    with pytest.raises(UsageError) as caught:
        await written(filled, Format.CSV, tmp_path)
    assert caught.value.code == "FILE_IN_THE_WAY"
    assert (tmp_path / "out.csv").read_text() == "mine"
