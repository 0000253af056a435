"""Settings > My account: name, password, where one is logged in, language and theme."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response

from ontologie.errors import UsageError
from ontologie.services import access, people
from ontologie.web.going import go
from ontologie.web.refusal import Refusal
from ontologie.web.rendering import page
from ontologie.web.request import SESSION_COOKIE, AnyRequest, Form, context_of


@get("/settings")
async def show_settings(request: AnyRequest) -> Response[Any]:
    """What concerns oneself."""
    return await _page(request)


@post("/settings/profile", status_code=303)
async def change_profile(request: AnyRequest, data: Form) -> Response[Any]:
    """Another name or address."""
    try:
        await people.change_my_profile(context_of(request), name=data.get("name", ""), email=data.get("email", ""))
    except UsageError as error:
        return await _page(request, Refusal(form="profile", error=error, typed=data))
    return go("/settings", "said_profile")


@post("/settings/password", status_code=303)
async def change_password(request: AnyRequest, data: Form) -> Response[Any]:
    """Another password; every other session ends."""
    try:
        await access.change_password(
            context_of(request),
            old=data.get("old", ""),
            new=data.get("new", ""),
            token=request.cookies.get(SESSION_COOKIE, ""),
        )
    except UsageError as error:
        return await _page(request, Refusal(form="password", error=error))
    return go("/settings", "said_password")


@post("/settings/sessions/{session_id:int}/end", status_code=303)
async def end_session(request: AnyRequest, session_id: FromPath[int]) -> Redirect:
    """Log out of another browser."""
    await access.end_my_session(context_of(request), session_id)
    return go("/settings", "said_session")


async def _page(request: AnyRequest, refusal: Refusal | None = None) -> Response[Any]:
    context = context_of(request)
    token = request.cookies.get(SESSION_COOKIE, "")
    return page(
        request,
        "settings.html",
        refusal=refusal,
        sessions=await access.my_sessions(context, token),
        has_password=await access.have_password(context),
    )


ROUTES = (show_settings, change_profile, change_password, end_session)
