"""Settings > API keys, and what the API can do."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response

from ontologie.errors import UsageError
from ontologie.model.api_key import Scope
from ontologie.services import api_keys
from ontologie.services.api_keys import NewKey
from ontologie.web.going import go
from ontologie.web.refusal import Refusal
from ontologie.web.rendering import page
from ontologie.web.request import AnyRequest, Form, context_of


@get("/settings/keys")
async def show_keys(request: AnyRequest) -> Response[Any]:
    """All keys, and the form for another one."""
    return await _page(request)


@post("/settings/keys", status_code=200)
async def create(request: AnyRequest, data: Form) -> Response[Any]:
    """Another key; it is shown once."""
    scopes = [scope for scope in Scope if data.get(scope.value) == "yes"]
    try:
        made = await api_keys.create(context_of(request), name=data.get("name", ""), scopes=scopes)
    except UsageError as error:
        return await _page(request, refusal=Refusal(form="key", error=error, typed=data))
    return await _page(request, made=made)


@post("/settings/keys/{key_id:int}/revoke", status_code=303)
async def revoke(request: AnyRequest, key_id: FromPath[int]) -> Redirect:
    await api_keys.revoke(context_of(request), key_id)
    return go("/settings/keys", "said_revoked")


@get("/settings/api")
async def show_api(request: AnyRequest) -> Response[Any]:
    """Every route of the API, from its own description."""
    found = request.app.state["api"]
    routes = [
        (method.upper(), path, route)
        for path, methods in found.get("paths", {}).items()
        for method, route in methods.items()
    ]
    base = str(request.base_url).rstrip("/")
    return page(request, "api.html", routes=routes, base=base)


async def _page(
    request: AnyRequest, *, made: NewKey | None = None, refusal: Refusal | None = None
) -> Response[Any]:
    answer = page(
        request,
        "api_keys.html",
        refusal=refusal,
        keys=await api_keys.every(context_of(request)),
        scopes=list(Scope),
        made=made,
    )
    if made is not None:
        answer.headers["Cache-Control"] = "no-store"
    return answer


ROUTES = (show_keys, create, revoke, show_api)
