"""Telling an open table that a sync has ended."""

import contextlib
from collections.abc import AsyncGenerator
from datetime import timedelta

import msgspec
from litestar import get
from litestar.params import FromPath
from litestar.response import ServerSentEvent

from ontologie.services import grid, sources
from ontologie.web.formats import Formats
from ontologie.web.live import moments
from ontologie.web.rendering import texts_of
from ontologie.web.request import AnyRequest, context_of, language_of

_CALM = timedelta(seconds=1)
_AGAIN = timedelta(seconds=30)
"""So that "3 min ago" stays true."""


@get("/streams/{source_name:str}/{object_type:str}/events")
async def table_events(request: AnyRequest, source_name: FromPath[str], object_type: FromPath[str]) -> ServerSentEvent:
    """How fresh the table is, whenever that changes."""
    source = await sources.find(context_of(request), source_name)
    return ServerSentEvent(_freshness(request, source.name, object_type), event_type="freshness")


async def _freshness(request: AnyRequest, source_name: str, object_type: str) -> AsyncGenerator[str, None]:
    context = context_of(request)
    async with contextlib.aclosing(moments(context, calm=_CALM, again=_AGAIN)) as when:
        async for _ in when:
            source = await sources.find(context, source_name)
            state = (await grid.records_held(context, source)).get(object_type)
            at = state.last_synced_at if state else None
            text = ""
            if at is not None:
                formats = Formats(language_of(request), context.clock.now())
                zone = source.account.time_zone if source.account else "UTC"
                text = texts_of(request).get("sheet_as_of", moment=formats.clock(at, zone), ago=formats.ago(at))
            yield msgspec.json.encode({"text": text, "synced_at": at}).decode()


ROUTES = (table_events,)
