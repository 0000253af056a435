"""Only who is logged in gets past here. Written once: it stands before every route that is not marked public."""

from typing import Any

from litestar.response import Redirect, Response

from ontologie.services import access
from ontologie.web.request import SESSION_COOKIE, AnyRequest, installation_of, is_partial

PUBLIC: dict[str, Any] = {"public": True}
"""``opt=PUBLIC`` on a route opens it to everybody."""
_LOGIN = "/login"


async def require_login(request: AnyRequest) -> Response[Any] | None:
    """Put the user on the request, or answer with the way to log in.

    A page redirects; what a page fetches (htmx, events, data) answers 401, and htmx goes to the login page itself.
    """
    if request.route_handler.opt.get("public"):
        return None
    token = request.cookies.get(SESSION_COOKIE)
    user = await access.session_user(installation_of(request), token) if token else None
    if user is not None:
        request.state.user = user
        return None
    if is_partial(request):
        return Response("", status_code=401, headers={"HX-Redirect": _LOGIN})
    if "text/html" not in request.headers.get("accept", "") and request.method == "GET":
        return Response("", status_code=401)
    return Redirect(_LOGIN, status_code=303)
