"""Live Data > Connectors: the catalogue."""

from typing import Any

from litestar import get
from litestar.response import Redirect, Response

from ontologie.model.user import Role
from ontologie.services import connecting, sources
from ontologie.web.rendering import page, texts_of
from ontologie.web.request import AnyRequest, context_of


@get("/")
async def home(request: AnyRequest) -> Redirect:
    """Whoever has a source wants to see it; whoever has none wants to connect one."""
    return Redirect("/streams" if await sources.every(context_of(request)) else "/connectors")


@get("/connectors")
async def show_connectors(request: AnyRequest) -> Response[Any]:
    """The catalogue, and connections that were left unfinished."""
    context = context_of(request)
    texts = texts_of(request)
    configured = await sources.every(context)
    cards = [
        {
            "name": name,
            "streams": connector.streams,
            "sources": sum(source.connector == name for source in configured),
            "words": " ".join(texts.called("stream", stream.name) for stream in connector.streams),
        }
        for name, connector in context.connectors.items()
    ]
    drafts = await connecting.unfinished(context) if context.actor.role.allows(Role.ADMIN) else []
    drafts = [draft for draft in drafts if draft.via is not None and draft.source_id is None]
    simulated = context.simulator is not None
    return page(request, "connectors.html", cards=cards, drafts=drafts, simulated=simulated)


ROUTES = (home, show_connectors)
