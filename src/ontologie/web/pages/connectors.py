"""Live Data > Connectors: the catalogue."""

from typing import Any

from litestar import get
from litestar.response import Redirect, Response

from ontologie.services import sources
from ontologie.web.rendering import page
from ontologie.web.request import AnyRequest, context_of


@get("/")
async def home(request: AnyRequest) -> Redirect:
    """Whoever has a source wants to see it; whoever has none wants to connect one."""
    return Redirect("/streams" if await sources.every(context_of(request)) else "/connectors")


@get("/connectors")
async def show_connectors(request: AnyRequest) -> Response[Any]:
    """The catalogue."""
    context = context_of(request)
    configured = await sources.every(context)
    cards = [
        {
            "name": name,
            "streams": connector.streams,
            "sources": [source for source in configured if source.connector == name],
        }
        for name, connector in context.connectors.items()
    ]
    return page(request, "connectors.html", cards=cards, simulated=context.simulator_url is not None)


ROUTES = (home, show_connectors)
