"""Logging in with a one-time link, and out."""

from typing import Any

from litestar import get, post
from litestar.response import Redirect, Response

from ontologie.services import access
from ontologie.web.guard import PUBLIC
from ontologie.web.rendering import page
from ontologie.web.request import SESSION_COOKIE, AnyRequest, installation_of

_TWO_WEEKS_S = 14 * 24 * 3600


@get("/login", opt=PUBLIC)
async def login(request: AnyRequest) -> Response[str]:
    """How to log in."""
    return page(request, "login.html", used=False)


@get("/login/{token:str}", opt=PUBLIC)
async def redeem(request: AnyRequest, token: str) -> Response[Any]:
    """Use up a one-time link. A GET does it: the link is shown in the terminal only, where nothing follows it ahead."""
    session = await access.redeem_login_link(installation_of(request), token)
    if session is None:
        return page(request, "login.html", used=True, status=403)
    answer = Redirect("/")
    answer.set_cookie(
        key=SESSION_COOKIE,
        value=session,
        httponly=True,
        samesite="lax",
        secure=request.app.state["secure_cookies"],
        max_age=_TWO_WEEKS_S,
    )
    return answer


@post("/logout", status_code=303)
async def logout(request: AnyRequest) -> Redirect:
    await access.end_session(installation_of(request), request.cookies.get(SESSION_COOKIE, ""))
    answer = Redirect("/login", status_code=303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


ROUTES = (login, redeem, logout)
