"""Telling an open table that a sync has ended."""

from datetime import timedelta

import msgspec
from litestar import get
from litestar.params import FromPath
from litestar.response import ServerSentEvent

from ontologie.services import grid, sources
from ontologie.web.formats import Formats
from ontologie.web.live import live
from ontologie.web.rendering import texts_of
from ontologie.web.request import AnyRequest, context_of, language_of

_CALM = timedelta(seconds=1)
_AGAIN = timedelta(seconds=30)
"""So that "3 min ago" stays true."""


@get("/streams/{source_name:str}/{object_type:str}/events")
async def table_events(request: AnyRequest, source_name: FromPath[str], object_type: FromPath[str]) -> ServerSentEvent:
    """How fresh the table is, whenever that changes."""
    context = context_of(request)
    source = await sources.find(context, source_name)
    zone = source.account.time_zone if source.account else "UTC"

    async def told() -> str:
        state = (await grid.records_held(context, source)).get(object_type)
        at = state.last_synced_at if state else None
        text = ""
        if at is not None:
            formats = Formats(language_of(request), context.clock.now())
            text = texts_of(request).get("sheet_as_of", moment=formats.clock(at, zone), ago=formats.ago(at))
        return msgspec.json.encode({"text": text, "synced_at": at}).decode()

    return live(request, "freshness", told, calm=_CALM, again=_AGAIN)


ROUTES = (table_events,)
