"""What every page asks of its request: the services, the user, a form, the reader's language."""

from typing import Annotated, Any, cast

from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.params import Body

from ontologie.model.diagnosis import Language
from ontologie.model.user import User
from ontologie.services.context import Context

LANGUAGE_COOKIE = "language"
THEME_COOKIE = "theme"
SESSION_COOKIE = "session"
AnyRequest = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


def installation_of(request: AnyRequest) -> Context:
    """The services, on nobody's behalf: for logging in, and for what every page shows."""
    context: Context = request.app.state["context"]
    return context


def user_of(request: AnyRequest) -> User | None:
    """Who is logged in; None on the public pages only (see :mod:`ontologie.web.guard`)."""
    user: User | None = getattr(request.state, "user", None)
    return user


def context_of(request: AnyRequest) -> Context:
    """The services with the rights of who is logged in. On a public page there is nobody: a bug of ours, TypeError."""
    user = user_of(request)
    if user is None:
        raise TypeError(f"{request.url.path} is public and acts for nobody")
    return installation_of(request).acting_as(user)


def is_partial(request: AnyRequest) -> bool:
    """htmx asks for a part of a page, not for a page."""
    return request.headers.get("hx-request") == "true"


def language_of(request: AnyRequest) -> Language:
    """The reader's choice, else what the browser asks for first."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in ("en", "fr"):
        return cast(Language, chosen)
    for wanted in request.headers.get("accept-language", "").split(","):
        code = wanted.strip()[:2].lower()
        if code in ("en", "fr"):
            return cast(Language, code)
    return "en"


async def lists_of(request: AnyRequest) -> dict[str, list[str]]:
    """A form whose fields may come several times, as ticked boxes do; texts only."""
    form = await request.form()
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found
