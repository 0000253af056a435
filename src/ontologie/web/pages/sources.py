"""Live Data > Sources: the configured connectors and what can be done with them."""

from typing import Any

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, Response

from ontologie.model.run import RunOptions
from ontologie.services import runs, sources, streams
from ontologie.web.rendering import page
from ontologie.web.request import AnyRequest, context_of


@get("/sources")
async def show_sources(request: AnyRequest) -> Response[Any]:
    """Every source, its health and what is due."""
    return page(request, "sources.html", sources=await streams.overview(context_of(request)))


@post("/sources/{name:str}/{action:str}", status_code=303)
async def act(request: AnyRequest, name: str, action: str) -> Redirect:
    """Sync now, pause, resume."""
    context = context_of(request)
    if action == "sync":
        await runs.start_now(context, await sources.find(context, name), RunOptions())
    elif action == "pause":
        await sources.pause(context, name)
    elif action == "resume":
        await sources.resume(context, name)
    else:
        raise NotFoundException
    return Redirect("/streams", status_code=303)


ROUTES = (show_sources, act)
