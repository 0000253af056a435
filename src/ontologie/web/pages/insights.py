"""Pictures of a source's data, from the store, in the account's currency."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from ontologie.model.source import Source
from ontologie.services import pictures, sources
from ontologie.services.context import Context
from ontologie.web.charts import bar, column
from ontologie.web.pages.spreadsheet import frame_of
from ontologie.web.rendering import page
from ontologie.web.request import AnyRequest, context_of

_PICTURES: dict[str, Callable[[Context, Source], Awaitable[Any]]] = {
    "pipelines": pictures.pipelines,
    "closings": pictures.closings,
    "lifecycle": pictures.lifecycle,
    "weeks": pictures.weeks,
}


@get("/streams/{source_name:str}")
async def show_insights(request: AnyRequest, source_name: FromPath[str]) -> Response[Any]:
    """The frame; each picture comes by itself, so that a slow one holds nothing up."""
    context = context_of(request)
    source = await sources.find(context, source_name)
    frame = await frame_of(context, source, "")
    return page(request, "insights.html", pictures=tuple(_PICTURES), **frame)


@get("/streams/{source_name:str}/pictures/{picture:str}")
async def show_picture(request: AnyRequest, source_name: FromPath[str], picture: FromPath[str]) -> Response[Any]:
    """One picture with the table behind it."""
    if picture not in _PICTURES:
        raise NotFoundException
    context = context_of(request)
    source = await sources.find(context, source_name)
    found = await _PICTURES[picture](context, source)
    return page(request, f"picture_{picture}.html", found=found, source=source, bar=bar, column=column)


ROUTES = (show_insights, show_picture)
