"""Every page and action."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Annotated, Any

from litestar import get, post
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body
from litestar.response import Redirect, Response, ServerSentEvent

from ontologie.errors import UsageError
from ontologie.model.diagnosis import CATALOGUE
from ontologie.model.run import RunOptions
from ontologie.services import access, runs, sources, streams
from ontologie.services.context import Context
from ontologie.web.rendering import LANGUAGE_COOKIE, THEME_COOKIE, AnyRequest, language_of, page, render

SESSION_COOKIE = "session"
_YEAR_S = 365 * 24 * 3600
_CALM = timedelta(milliseconds=400)
"""Pages are told at most this often, however fast a run moves."""
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


def _context(request: AnyRequest) -> Context:
    context: Context = request.app.state["context"]
    return context


async def _logged_in(request: AnyRequest) -> bool:
    token = request.cookies.get(SESSION_COOKIE)
    return bool(token) and await access.session_user(_context(request), str(token)) is not None


@get("/")
async def home(request: AnyRequest) -> Redirect:
    return Redirect("/streams")


@get("/login")
async def login(request: AnyRequest) -> Response[str]:
    """How to log in."""
    return page(request, "login.html", used=False)


@get("/login/{token:str}")
async def redeem(request: AnyRequest, token: str) -> Response[Any]:
    """Use up a one-time link. A GET does it: the link is shown in the terminal only, where nothing follows it ahead."""
    session = await access.redeem_login_link(_context(request), token)
    if session is None:
        return page(request, "login.html", used=True, status=403)
    answer = Redirect("/streams")
    answer.set_cookie(
        key=SESSION_COOKIE,
        value=session,
        httponly=True,
        samesite="lax",
        secure=request.app.state["secure_cookies"],
        max_age=14 * 24 * 3600,
    )
    return answer


@post("/logout", status_code=303)
async def logout(request: AnyRequest) -> Redirect:
    await access.end_session(_context(request), request.cookies.get(SESSION_COOKIE, ""))
    answer = Redirect("/login", status_code=303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@get("/streams")
async def show_streams(request: AnyRequest) -> Response[Any]:
    """Live Data > Streams."""
    if not await _logged_in(request):
        return Redirect("/login")
    return page(request, "streams.html", sources=await streams.overview(_context(request)))


@get("/streams/events")
async def stream_events(request: AnyRequest) -> ServerSentEvent | Response[Any]:
    """The table again whenever something moved."""
    if not await _logged_in(request):
        return Response("", status_code=401)
    return ServerSentEvent(_tables(request), event_type="streams")


async def _tables(request: AnyRequest) -> AsyncGenerator[str, None]:
    context = _context(request)
    moved = asyncio.Event()

    async def listen() -> None:
        async for _ in streams.changes(context):
            moved.set()

    listening = asyncio.create_task(listen())
    try:
        while not listening.done():
            yield render(request, "streams_table.html", sources=await streams.overview(context)).replace("\n", " ")
            moved.clear()
            with contextlib.suppress(TimeoutError):
                # Told again without a change now and then, so that "3 min ago" stays true.
                await asyncio.wait_for(moved.wait(), timeout=20)
            await context.clock.sleep(_CALM)
    finally:
        listening.cancel()


@post("/sources/{name:str}/{action:str}", status_code=303)
async def act(request: AnyRequest, name: str, action: str) -> Redirect:
    """Sync now, pause, resume."""
    if not await _logged_in(request):
        return Redirect("/login", status_code=303)
    context = _context(request)
    try:
        if action == "sync":
            await runs.start_now(context, await sources.find(context, name), RunOptions())
        elif action == "pause":
            await sources.pause(context, name)
        elif action == "resume":
            await sources.resume(context, name)
        else:
            raise NotFoundException
    except UsageError:
        raise NotFoundException from None
    return Redirect("/streams", status_code=303)


@get("/diagnostic")
async def diagnostic(request: AnyRequest) -> Response[Any]:
    """Open problems, and every diagnosis there is."""
    if not await _logged_in(request):
        return Redirect("/login")
    language = language_of(request)
    known = [(code, getattr(item, language)) for code, item in sorted(CATALOGUE.items())]
    return page(request, "diagnostic.html", sources=await streams.overview(_context(request)), known=known)


@post("/preferences", status_code=303)
async def preferences(request: AnyRequest, data: Form) -> Redirect:
    """Language and theme, kept in the browser."""
    back = data.get("back", "/")
    answer = Redirect(back if back.startswith("/") and not back.startswith("//") else "/", status_code=303)
    for key, allowed in ((LANGUAGE_COOKIE, ("en", "fr")), (THEME_COOKIE, ("light", "dark", "auto"))):
        if data.get(key) in allowed:
            answer.set_cookie(key=key, value=data[key], max_age=_YEAR_S, samesite="lax", httponly=True)
    return answer


ROUTES = (home, login, redeem, logout, show_streams, stream_events, act, diagnostic, preferences)
