"""The source-linked spreadsheet: one tab per table of a source, its rows from PostgreSQL a page at a time."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.enums import MediaType
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_400_BAD_REQUEST

from ontologie.errors import UsageError
from ontologie.model.diagnosis import explain
from ontologie.model.source import Source
from ontologie.services import entities, grid, remarks, saved_views, sources
from ontologie.services.context import Context
from ontologie.services.grid import Column, Sheet
from ontologie.web.catalogue import Texts
from ontologie.web.gone import Gone, unless_gone
from ontologie.web.plain_text import holds_html, plain_text
from ontologie.web.rendering import called, page, texts_of
from ontologie.web.request import AnyRequest, context_of, language_of
from ontologie.web.selection_query import columns_of, selection_of

_CLOSED_REQUEST = 499
"""nginx's number for a client that left; nobody reads it."""
_USUAL_ROWS = 100


@get("/streams/{source_name:str}/{stream:str}")
async def show_table(request: AnyRequest, source_name: FromPath[str], stream: FromPath[str]) -> Response[Any]:
    """A table of the source; a stream of several tables leads to its first."""
    context = context_of(request)
    source = await sources.find(context, source_name)
    grouped = context.connectors[source.connector].find_streams([stream])
    if grouped and grouped[0].object_types[0] != stream:
        return Redirect(f"/streams/{source.name}/{grouped[0].object_types[0]}")
    shown = await grid.sheet(context, source_name, stream)
    frame = await frame_of(context, source, stream)
    if shown is None:
        return page(request, "table_empty.html", **frame)
    views = await saved_views.visible(context, shown)
    config = _config(request, shown)
    text = msgspec.json.encode(config).decode().replace("<", "\\u003c")  # cannot end the element it stands in
    return page(request, "spreadsheet.html", config=text, rows=config["rows"], views=views, **frame)


@get("/streams/{source_name:str}/{object_type:str}/rows")
async def show_rows(request: AnyRequest, source_name: FromPath[str], object_type: FromPath[str]) -> Response[Any]:
    """A page of rows as JSON."""
    query = request.query_params
    try:
        shown = await _synced(context_of(request), source_name, object_type)
        limit = query.get("limit") or ""
        columns = columns_of(query)
        work = grid.rows(
            context_of(request),
            shown,
            selection_of(query),
            columns=columns,
            after=query.get("after"),
            limit=int(limit) if limit.isascii() and limit.isdigit() else _USUAL_ROWS,
        )
        return _json(_readable(await unless_gone(request, work), columns))
    except UsageError as error:
        return _refusal(request, error)
    except Gone:
        return Response(b"", status_code=_CLOSED_REQUEST)


@get("/streams/{source_name:str}/{object_type:str}/count")
async def show_count(request: AnyRequest, source_name: FromPath[str], object_type: FromPath[str]) -> Response[Any]:
    """How many rows the selection has."""
    try:
        shown = await _synced(context_of(request), source_name, object_type)
        return _json(await grid.count(context_of(request), shown, selection_of(request.query_params)))
    except UsageError as error:
        return _refusal(request, error)


async def frame_of(context: Context, source: Source, object_type: str) -> dict[str, Any]:
    """What every page of a source's tables shows around its own part."""
    states = await grid.records_held(context, source)
    streams = context.connectors[source.connector].find_streams(source.streams)
    here = [stream.name for stream in streams if object_type in stream.object_types]
    fed = [link.entity for link in await entities.links(context) if link.source_id == source.id and link.stream in here]
    return {
        "source": source,
        "object_type": object_type,
        "streams": streams,
        "states": states,
        "fed": fed,
        "remarks": await remarks.of_sources(context, [source]),
        "zone": source.account.time_zone if source.account else "UTC",
    }


async def _synced(context: Context, source_name: str, object_type: str) -> Sheet:
    shown = await grid.sheet(context, source_name, object_type)
    if shown is None:
        raise NotFoundException
    return shown


def named(column: Column, texts: Texts) -> str:
    """A column's label: HubSpot's, or ours."""
    return column.label or texts.called("column", column.name)


def group_named(column: Column, texts: Texts) -> str:
    """HubSpot's group of properties by name, where we know it; our own columns are a group too."""
    if not column.property:
        return texts.get("group_ours")
    return texts.called("group", column.group) if column.group else texts.get("group_none")


def _config(request: AnyRequest, shown: Sheet) -> dict[str, Any]:
    """What the page's script works from."""
    texts = texts_of(request)
    columns = sorted(
        (
            {
                "name": item.name,
                "label": named(item, texts),
                "kind": item.kind.value,
                "group": group_named(item, texts),
                "description": item.description,
                "options": item.options,
            }
            for item in shown.columns
        ),
        key=lambda item: (str(item["group"]), str(item["label"]).casefold()),
    )
    title = shown.main.title
    first = [name for name in shown.main.first if name not in title] or [shown.columns[0].name]
    return {
        "base": f"/streams/{shown.source.name}/{shown.object_type}",
        "rows": _first_rows(request, shown, first),
        "locale": language_of(request),
        "zone": shown.time_zone,
        "currency": shown.currency,
        "columns": columns,
        "title": title,
        "first": first,
        "order": title[-1] if title else None,
        "texts": {key.removeprefix("grid_"): texts.get(key) for key in sorted(texts.keys()) if key.startswith("grid_")}
        | {"record": called(request, "object_one", shown.object_type), "lost": texts.get("lost")},
    }


def _first_rows(request: AnyRequest, shown: Sheet, first: list[str]) -> str:
    """Where the rows are that the page shows first: the browser asks for them while the scripts are on their way.

    None where the address asks what makes no sense: the script knows how to tell.
    """
    asked = request.query_params
    try:
        selection_of(asked)
    except UsageError:
        return ""
    known = [column.name for column in shown.columns]
    chosen = [name for name in columns_of(asked) if name in known] or first
    currency = [name for name in ("deal_currency_code",) if name in known]
    columns = dict.fromkeys([*shown.main.title, *chosen, *currency])
    question = [(name, value) for name, value in asked.multi_items() if name in ("q", "sort", "archived", "f")]
    query = urlencode([*question, ("cols", ",".join(columns))])
    return f"/streams/{shown.source.name}/{shown.object_type}/rows?{query}"


def _readable(found: grid.Rows, columns: list[str]) -> grid.Rows:
    """Bodies of e-mails, notes and the like as plain text: in a cell their markup would only be in the way."""
    bodies = {place for place, name in enumerate(columns) if holds_html(name)}
    if not bodies:
        return found
    rows = (
        tuple(
            plain_text(value) if place in bodies and isinstance(value, str) else value
            for place, value in enumerate(row)
        )
        for row in found.rows
    )
    return msgspec.structs.replace(found, rows=tuple(rows))


def _json(value: Any) -> Response[bytes]:
    return Response(msgspec.json.encode(value), media_type=MediaType.JSON)


def _refusal(request: AnyRequest, error: UsageError) -> Response[bytes]:
    """What is wrong and what to do, for the script to show."""
    said = explain(error.code, error.params, language_of(request))
    answer = msgspec.json.encode({"code": error.code, "problem": said.problem, "remedy": said.remedy})
    return Response(answer, media_type=MediaType.JSON, status_code=HTTP_400_BAD_REQUEST)


ROUTES = (show_table, show_rows, show_count)
