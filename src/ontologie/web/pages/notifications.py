"""Settings > Notifications: who is told when a source needs somebody."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response

from ontologie.errors import UsageError
from ontologie.model.notification import Channel
from ontologie.services import notifications
from ontologie.services.notifications import NewWebhook
from ontologie.web.going import go
from ontologie.web.refusal import Refusal
from ontologie.web.rendering import page
from ontologie.web.request import AnyRequest, Form, context_of, language_of


@get("/settings/notifications")
async def show_notifications(request: AnyRequest) -> Response[Any]:
    """All channels, and the forms for another one."""
    return await _page(request)


@post("/settings/notifications/email", status_code=303)
async def add_email(request: AnyRequest, data: Form) -> Response[Any]:
    """Another address, told in the language of the page."""
    try:
        await notifications.add_email(context_of(request), data.get("email", ""), language_of(request))
    except UsageError as error:
        return await _page(request, refusal=Refusal(form="email", error=error, typed=data))
    return go("/settings/notifications", "said_channel")


@post("/settings/notifications/webhook", status_code=200)
async def add_webhook(request: AnyRequest, data: Form) -> Response[Any]:
    """Another web address; the secret that signs its messages is shown once."""
    try:
        made = await notifications.add_webhook(context_of(request), data.get("url", ""), language_of(request))
    except UsageError as error:
        return await _page(request, refusal=Refusal(form="webhook", error=error, typed=data))
    return await _page(request, made=made)


@post("/settings/notifications/{channel_id:int}/test", status_code=200)
async def send_test(request: AnyRequest, channel_id: FromPath[int]) -> Response[Any]:
    """Send a message now and say what became of it."""
    return await _page(request, tested=await notifications.send_test(context_of(request), channel_id))


@post("/settings/notifications/{channel_id:int}/remove", status_code=303)
async def remove(request: AnyRequest, channel_id: FromPath[int]) -> Redirect:
    await notifications.remove(context_of(request), channel_id)
    return go("/settings/notifications", "said_channel_removed")


async def _page(
    request: AnyRequest,
    *,
    made: NewWebhook | None = None,
    tested: Channel | None = None,
    refusal: Refusal | None = None,
) -> Response[Any]:
    context = context_of(request)
    answer = page(
        request,
        "notifications.html",
        refusal=refusal,
        channels=await notifications.every(context),
        has_mail=context.courier.has_mail,
        made=made,
        tested=tested,
    )
    if made is not None:
        answer.headers["Cache-Control"] = "no-store"
    return answer


ROUTES = (show_notifications, add_email, add_webhook, send_test, remove)
