"""Excel: a sheet per table, dates and numbers as such, text as text (a formula in it is not one)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

from ontologie.store.formats.form import Sheet, Writing, headed

_MOST_ROWS = 1_048_576
_MOST_CHARACTERS = 32_767
_EXACT_DIGITS = 15
"""Excel's numbers hold no more: longer ones are written as text, whole."""
_FIRST_YEAR = 1900
_NAME_CHARACTERS = 31


def write(path: Path, sheets: Iterable[Sheet], writing: Writing) -> None:
    """Any number of tables; one that is longer than a sheet goes on in another."""
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        formats = {
            "head": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        for sheet in sheets:
            _write_sheet(book, sheet, formats)


def _write_sheet(book: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    part, row = 1, _MOST_ROWS
    page: Any = None
    for batch in headed(sheet):
        columns = [_cells(column, numbers=place in sheet.numbers) for place, column in enumerate(batch.columns)]
        for values in zip(*columns, strict=True) if columns else ():
            if row == _MOST_ROWS:
                page, part, row = _new_page(book, sheet, part, formats), part + 1, 1
            for place, value in enumerate(values):
                _write_cell(page, row, place, value, formats)
            row += 1
    if page is None:
        _new_page(book, sheet, part, formats)


def _new_page(book: Any, sheet: Sheet, part: int, formats: dict[str, Any]) -> Any:
    suffix = "" if part == 1 else f" ({part})"
    page = book.add_worksheet(f"{sheet.name[: _NAME_CHARACTERS - len(suffix)]}{suffix}")
    page.freeze_panes(1, 0)
    for place, heading in enumerate(sheet.headings):
        page.write_string(0, place, heading[:_MOST_CHARACTERS], formats["head"])
    return page


def _cells(column: Any, *, numbers: bool) -> list[Any]:
    values: list[Any] = column.to_pylist()
    if numbers:
        return [None if value is None else _number(value) for value in values]
    if pa.types.is_int64(column.type):
        return [None if value is None else _number(str(value)) for value in values]
    return values


def _number(text: str) -> float | str:
    exact = Decimal(text)
    return float(exact) if len(exact.normalize().as_tuple().digits) <= _EXACT_DIGITS else text


def _write_cell(page: Any, row: int, place: int, value: Any, formats: dict[str, Any]) -> None:
    match value:
        case None:
            return
        case bool():
            page.write_boolean(row, place, value)
        case float():
            page.write_number(row, place, value)
        case date() if value.year >= _FIRST_YEAR:
            page.write_datetime(row, place, value, formats["moment" if isinstance(value, datetime) else "day"])
        case date():
            page.write_string(row, place, value.isoformat())
        case list():
            page.write_string(row, place, ";".join(value)[:_MOST_CHARACTERS])
        case _:
            page.write_string(row, place, str(value)[:_MOST_CHARACTERS])
