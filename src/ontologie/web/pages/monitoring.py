"""Live Data > Monitoring: all sources at a glance, over the last 24 hours."""

from typing import Any

from litestar import get
from litestar.response import Response, ServerSentEvent

from ontologie.services import monitoring
from ontologie.web.live import live
from ontologie.web.rendering import page, render
from ontologie.web.request import AnyRequest, context_of
from ontologie.web.timeline import strip


@get("/monitoring")
async def show_monitoring(request: AnyRequest) -> Response[Any]:
    """Freshness, runs, requests, counts, room."""
    return page(request, "monitoring.html", **await _shown(request))


@get("/monitoring/events")
async def monitoring_events(request: AnyRequest) -> ServerSentEvent:
    """The same again whenever something moved."""

    async def part() -> str:
        return render(request, "monitoring_body.html", **await _shown(request))

    return live(request, "monitoring", part)


async def _shown(request: AnyRequest) -> dict[str, Any]:
    glance = await monitoring.glance(context_of(request))
    strips = {item.source.id: strip(item.runs, glance.since, glance.until) for item in glance.sources}
    return {"glance": glance, "strips": strips}


ROUTES = (show_monitoring, monitoring_events)
