"""Beside a table's rows: its schema, its runs, its rejected values."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from ontologie.services import drift, grid, inspection, runs
from ontologie.services.context import Context
from ontologie.services.grid import Sheet
from ontologie.web.charts import bar
from ontologie.web.going import go
from ontologie.web.pages.spreadsheet import frame_of, group_named, named
from ontologie.web.rendering import page, texts_of
from ontologie.web.request import AnyRequest, context_of, lists_of

_SHOWN_RUNS = 50
_SHOWN_CHARACTERS = 300


async def _framed(context: Context, source_name: str, object_type: str) -> tuple[Sheet | None, dict[str, Any]]:
    source = await grid.source_of_table(context, source_name, object_type)
    shown = await grid.sheet(context, source_name, object_type)
    return shown, await frame_of(context, source, object_type)


@get("/streams/{source_name:str}/{object_type:str}/schema")
async def show_schema(request: AnyRequest, source_name: FromPath[str], object_type: FromPath[str]) -> Response[Any]:
    """Columns with labels, types and how full they are, and what changed in them."""
    shown, frame = await _framed(context_of(request), source_name, object_type)
    if shown is None:
        return page(request, "table_empty.html", **frame)
    texts = texts_of(request)
    return page(
        request,
        "table_schema.html",
        report=await inspection.schema(context_of(request), shown),
        labels={item.property: named(item, texts) for item in shown.columns},
        group_named=lambda column: group_named(column, texts),
        bar=bar,
        **frame,
    )


@post("/streams/{source_name:str}/{object_type:str}/drift", status_code=303)
async def acknowledge_drift(
    request: AnyRequest, source_name: FromPath[str], object_type: FromPath[str]
) -> Response[Any]:
    """These changes were seen: those that the page showed, not one that came since."""
    seen = (await lists_of(request)).get("seen", ())
    numbers = [int(item) for item in seen if item.isascii() and item.isdigit() and len(item) < len(str(2**63))]
    await drift.acknowledge(context_of(request), source_name, numbers)
    return go(f"/streams/{source_name}/{object_type}/schema", "said_drift")


@get("/streams/{source_name:str}/{object_type:str}/runs")
async def show_runs(request: AnyRequest, source_name: FromPath[str], object_type: FromPath[str]) -> Response[Any]:
    """What the latest runs did to the table."""
    _, frame = await _framed(context_of(request), source_name, object_type)
    found = await runs.history(context_of(request), frame["source"], limit=_SHOWN_RUNS, object_type=object_type)
    mine = [(run, item) for run in found for item in run.objects if item.object_type == object_type]
    return page(request, "table_runs.html", runs=mine, **frame)


@get("/streams/{source_name:str}/{object_type:str}/rejected")
async def show_rejected(request: AnyRequest, source_name: FromPath[str], object_type: FromPath[str]) -> Response[Any]:
    """Values that did not fit, and records that are no rows."""
    shown, frame = await _framed(context_of(request), source_name, object_type)
    if shown is None:
        return page(request, "table_empty.html", **frame)
    after = request.query_params.get("after") or ""
    number = int(after) if after.isascii() and after.isdigit() and len(after) < len(str(2**63)) else 0
    texts = texts_of(request)
    return page(
        request,
        "table_rejected.html",
        report=await inspection.rejected(context_of(request), shown, after=number),
        labels={item.property: named(item, texts) for item in shown.columns},
        types={item.property: shown.table.columns[item.name].value for item in shown.columns},
        most=_SHOWN_CHARACTERS,
        **frame,
    )


ROUTES = (show_schema, acknowledge_drift, show_runs, show_rejected)
