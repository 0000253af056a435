"""Authorizing by OAuth: the button, the way to HubSpot, and the page that HubSpot sends the browser back to."""

from typing import Any

from litestar import get
from litestar.params import FromPath
from litestar.response import Redirect, Response

from ontologie.errors import OntologieError
from ontologie.services import authorizing
from ontologie.services.authorizing import Answer
from ontologie.web.rendering import page
from ontologie.web.request import SESSION_COOKIE, AnyRequest, context_of

POPUP_CODES = ("POPUP_BLOCKED", "POPUP_CLOSED")
"""What only the browser can find out; the page holds their explanations ready."""


def redirect_uri(request: AnyRequest) -> str:
    """The address to register with HubSpot, letter for letter."""
    base = context_of(request).public_url or str(request.base_url)
    return f"{base.rstrip('/')}/oauth/callback"


@get("/oauth/start/{draft_id:int}")
async def start(request: AnyRequest, draft_id: FromPath[int]) -> Redirect:
    """On to HubSpot's consent page, in the popup or in the tab itself."""
    context = context_of(request)
    session = request.cookies[SESSION_COOKIE]
    uri = redirect_uri(request)
    return Redirect(await authorizing.start(context, draft_id, session=session, redirect_uri=uri))


@get("/oauth/callback")
async def callback(request: AnyRequest) -> Response[Any]:
    """HubSpot's answer. The page tells the one that waits for it, and closes itself where it is a popup."""
    context = context_of(request)
    said: OntologieError | None = None
    draft_id: int | None = None
    try:
        answer = Answer(**{name: request.query_params.get(name, "") for name in ("state", "code", "error")})
        draft_id = (await authorizing.finish(context, answer, session=request.cookies[SESSION_COOKIE])).id
    except OntologieError as refused:
        said = refused
    response = page(request, "oauth_answer.html", status=409 if said else 200, error=said, draft_id=draft_id)
    response.headers["Cache-Control"] = "no-store"
    return response


ROUTES = (start, callback)
