"""Live Data > Streams: what is read from each source, live."""

from typing import Any

from litestar import get
from litestar.response import Response, ServerSentEvent

from ontologie.services import entities, streams
from ontologie.web.live import live
from ontologie.web.rendering import page, render
from ontologie.web.request import AnyRequest, context_of


@get("/streams")
async def show_streams(request: AnyRequest) -> Response[Any]:
    """Every stream by source."""
    return page(request, "streams.html", **await _shown(request))


@get("/streams/events")
async def stream_events(request: AnyRequest) -> ServerSentEvent:
    """The table again whenever something moved."""

    async def table() -> str:
        return render(request, "streams_table.html", **await _shown(request))

    return live(request, "streams", table)


async def _shown(request: AnyRequest) -> dict[str, Any]:
    context = context_of(request)
    fed: dict[tuple[int, str], list[str]] = {}
    for link in await entities.links(context):
        fed.setdefault((link.source_id, link.stream), []).append(link.entity)
    return {
        "sources": await streams.overview(context),
        "recent": await streams.recent_changes(context),
        "shown_runs": streams.SHOWN_RUNS,
        "fed": fed,
    }


ROUTES = (show_streams, stream_events)
