"""Settings > Users: who may use the installation."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response

from ontologie.errors import UsageError
from ontologie.model.user import Role
from ontologie.services import people
from ontologie.services.people import Invitation
from ontologie.web.going import go
from ontologie.web.refusal import Refusal
from ontologie.web.rendering import page
from ontologie.web.request import AnyRequest, Form, context_of


@get("/settings/users")
async def show_users(request: AnyRequest) -> Response[Any]:
    """All users, and the form for another one."""
    return await _page(request)


@post("/settings/users", status_code=200)
async def invite(request: AnyRequest, data: Form) -> Response[Any]:
    """Another user; the link for the first login is shown once."""
    try:
        made = await people.invite(
            context_of(request), name=data.get("name", ""), email=data.get("email", ""), role=_role(data)
        )
    except UsageError as error:
        return await _page(request, refusal=Refusal(form="invite", error=error, typed=data))
    return await _page(request, made=made)


@post("/settings/users/{user_id:int}/link", status_code=200)
async def new_link(request: AnyRequest, user_id: FromPath[int]) -> Response[Any]:
    """A new link for somebody who has lost theirs, or the password."""
    return await _page(request, made=await people.new_link(context_of(request), user_id))


@post("/settings/users/{user_id:int}/role", status_code=303)
async def change_role(request: AnyRequest, user_id: FromPath[int], data: Form) -> Redirect:
    await people.change_role(context_of(request), user_id, _role(data))
    return go("/settings/users", "said_role")


@post("/settings/users/{user_id:int}/remove", status_code=303)
async def remove(request: AnyRequest, user_id: FromPath[int]) -> Redirect:
    await people.remove(context_of(request), user_id)
    return go("/settings/users", "said_user_removed")


async def _page(
    request: AnyRequest, *, made: Invitation | None = None, refusal: Refusal | None = None
) -> Response[Any]:
    context = context_of(request)
    answer = page(
        request,
        "users.html",
        refusal=refusal,
        members=await people.every(context),
        roles=[role for role in Role if context.actor.role.allows(role)],
        link=f"{str(request.base_url).rstrip('/')}/login/{made.token}" if made else "",
        made=made,
    )
    if made is not None:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _role(data: dict[str, str]) -> Role:
    """The role that was chosen; the least where the form was tampered with."""
    return Role(data["role"]) if data.get("role") in list(Role) else Role.VIEWER


ROUTES = (show_users, invite, new_link, change_role, remove)
