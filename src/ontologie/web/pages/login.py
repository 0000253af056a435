"""Logging in with a one-time link or a password, and out."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response

from ontologie.errors import UsageError
from ontologie.model.user import Client
from ontologie.services import access
from ontologie.web.guard import PUBLIC, reach_database
from ontologie.web.rendering import page
from ontologie.web.request import SESSION_COOKIE, AnyRequest, Form, installation_of

_DEVICE_MOST = 200


@get("/login", opt=PUBLIC)
async def login(request: AnyRequest) -> Response[str]:
    """Name and password, and how to get a link."""
    return page(request, "login.html", used=False, error=None, login="")


@post("/login", status_code=303, opt=PUBLIC)
async def log_in(request: AnyRequest, data: Form) -> Response[Any]:
    """Log in with a password."""
    await reach_database(request)
    name = data.get("login", "").strip()
    try:
        session = await access.log_in(installation_of(request), name, data.get("password", ""), client=_client(request))
    except UsageError as error:
        return page(request, "login.html", status=403, used=False, error=error, login=name)
    return _logged_in(request, session)


@get("/login/{token:str}", opt=PUBLIC)
async def look_at_link(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Whose link it is. Only the button uses it up: chat programs and mail filters open every link they see."""
    await reach_database(request)
    return await _link_page(request, token)


@post("/login/{token:str}", status_code=303, opt=PUBLIC)
async def redeem(request: AnyRequest, token: FromPath[str], data: Form) -> Response[Any]:
    """Use the link up, and set the password where one was typed."""
    await reach_database(request)
    password = data.get("password") if data.get("with") == "password" else None
    try:
        session = await access.redeem_login_link(
            installation_of(request), token, password=password, client=_client(request)
        )
    except UsageError as error:
        return await _link_page(request, token, error=error)
    if session is None:
        return page(request, "login.html", used=True, status=403, error=None, login="")
    return _logged_in(request, session)


@post("/logout", status_code=303)
async def logout(request: AnyRequest) -> Redirect:
    await access.end_session(installation_of(request), request.cookies.get(SESSION_COOKIE, ""))
    answer = Redirect("/login", status_code=303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


async def _link_page(request: AnyRequest, token: str, *, error: UsageError | None = None) -> Response[Any]:
    found = await access.link_user(installation_of(request), token)
    if found is None:
        return page(request, "login.html", used=True, status=403, error=None, login="")
    invited, has_password = found
    status = 200 if error is None else 422
    return page(request, "login_link.html", status=status, invited=invited, has_password=has_password, error=error)


def _logged_in(request: AnyRequest, session: str) -> Redirect:
    answer = Redirect("/", status_code=303)
    answer.set_cookie(
        key=SESSION_COOKIE,
        value=session,
        httponly=True,
        samesite="lax",
        secure=request.app.state["secure_cookies"],
        max_age=int(access.SESSION_LIFE.total_seconds()),
    )
    return answer


def _client(request: AnyRequest) -> Client:
    """Where the request comes from; behind a proxy on this machine, what the proxy says."""
    device = request.headers.get("user-agent", "")[:_DEVICE_MOST]
    return Client(device=device, address=request.client.host if request.client else "")


ROUTES = (login, log_in, look_at_link, redeem, logout)
