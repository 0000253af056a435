"""Who may use the API: whoever sends a key with the scope that the route asks for. Cookies open nothing here."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from ontologie.errors import OntologieError
from ontologie.model.api_key import ApiKey, Scope
from ontologie.services import api_keys
from ontologie.services.context import Context

ApiRequest = Request[Any, Any, Any]


class KeyRefused(OntologieError):
    """There is no such key, or none was sent."""

    default_code = "API_KEY_REFUSED"


class ScopeOfKeyMissing(OntologieError):
    """The key does not have the scope of the route."""

    default_code = "API_SCOPE_MISSING"


async def require_key(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let through who sends ``Authorization: Bearer`` with a key that has the route's scope."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    context: Context = connection.app.state["context"]
    key = await api_keys.recognise(context, token.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise KeyRefused("no such key")
    needed: Scope = handler.opt["scope"]
    if needed not in key.scopes:
        raise ScopeOfKeyMissing(key.name, scope=needed.value)
    connection.state.key = key


def context_of(request: ApiRequest) -> Context:
    """The services with the rights of the key."""
    context: Context = request.app.state["context"]
    key: ApiKey = request.state.key
    return context.acting_as(api_keys.actor(key))
