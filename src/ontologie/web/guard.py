"""Only who is logged in gets past here. Written once: it stands before every route that is not marked public."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from litestar.response import Redirect, Response

from ontologie.errors import StoreUnreachable
from ontologie.services import access, health
from ontologie.web.request import SESSION_COOKIE, AnyRequest, installation_of, is_partial

PUBLIC: dict[str, Any] = {"public": True}
"""``opt=PUBLIC`` on a route opens it to everybody."""
_LOGIN = "/login"
_PATIENCE = timedelta(seconds=5)
"""What a reader waits for a connection to the database; the pool alone would wait half a minute."""


async def require_login(request: AnyRequest) -> Response[Any] | None:
    """Put the user on the request, or answer with the way to log in.

    A page redirects; what a page fetches (htmx, events, data) answers 401, and htmx goes to the login page itself.
    """
    if request.route_handler.opt.get("public"):
        return None
    if await recognise(request):
        return None
    if is_partial(request):
        return Response("", status_code=401, headers={"HX-Redirect": _LOGIN})
    if "text/html" not in request.headers.get("accept", "") and request.method == "GET":
        return Response("", status_code=401)
    return Redirect(_LOGIN, status_code=303)


async def recognise(request: AnyRequest, patience: timedelta = _PATIENCE) -> bool:
    """Put the user whose session the cookie names on the request. Raises StoreUnreachable."""
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        return False
    async with _patient(patience):
        user = await access.session_user(installation_of(request), token)
    if user is not None:
        request.state.user = user
    return user is not None


async def reach_database(request: AnyRequest) -> None:
    """For public pages that ask it. Raises StoreUnreachable."""
    async with _patient(_PATIENCE):
        await health.reach_database(installation_of(request))


@contextlib.asynccontextmanager
async def _patient(patience: timedelta) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(patience.total_seconds()):
            yield
    except TimeoutError:
        raise StoreUnreachable(f"no connection to the database within {patience}") from None
