"""Authorizing by OAuth: the button, the way to HubSpot, and the page that HubSpot sends the browser back to."""

from typing import Any

from litestar import get, post
from litestar.response import Redirect, Response

from ontologie.errors import OntologieError
from ontologie.model.credentials import OAuthClient
from ontologie.services import authorizing, connecting, sources
from ontologie.services.authorizing import Answer
from ontologie.web.rendering import page
from ontologie.web.request import SESSION_COOKIE, AnyRequest, Form, context_of

POPUP_CODES = ("POPUP_BLOCKED", "POPUP_CLOSED")
"""What only the browser can find out; the page holds their explanations ready."""


def redirect_uri(request: AnyRequest) -> str:
    """The address to register with HubSpot, letter for letter."""
    base = context_of(request).public_url or str(request.base_url)
    return f"{base.rstrip('/')}/oauth/callback"


@get("/oauth/drafts/{draft_id:int}")
async def show_authorizing(request: AnyRequest, draft_id: int) -> Response[Any]:
    """The button; before it, where the installation has no OAuth app, how to register one and its form."""
    context = context_of(request)
    draft = await connecting.find(context, draft_id)
    connector = sources.connector_of(context, draft.connector)
    required, optional = connector.oauth_scopes(draft.choices.streams)
    return page(
        request,
        "oauth.html",
        draft=draft,
        ready=draft.has_client or connector.preconfigured_client() is not None,
        popup_codes=POPUP_CODES,
        redirect_uri=redirect_uri(request),
        required=required,
        optional=optional,
    )


@post("/oauth/drafts/{draft_id:int}/client", status_code=303)
async def give_client(request: AnyRequest, draft_id: int, data: Form) -> Redirect:
    """Keep the user's own OAuth app."""
    client = OAuthClient(client_id=data.get("client_id", ""), client_secret=data.get("client_secret", ""))
    await connecting.give_client(context_of(request), draft_id, client)
    return Redirect(f"/oauth/drafts/{draft_id}", status_code=303)


@get("/oauth/start/{draft_id:int}")
async def start(request: AnyRequest, draft_id: int) -> Redirect:
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


ROUTES = (show_authorizing, give_client, start, callback)
