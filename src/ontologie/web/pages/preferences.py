"""Language and theme, kept in the browser."""

from litestar import post
from litestar.response import Redirect

from ontologie.web.going import local
from ontologie.web.guard import PUBLIC
from ontologie.web.request import LANGUAGE_COOKIE, THEME_COOKIE, AnyRequest, Form

_YEAR_S = 365 * 24 * 3600
_ALLOWED = {LANGUAGE_COOKIE: ("en", "fr"), THEME_COOKIE: ("light", "dark", "auto")}


@post("/preferences", status_code=303, opt=PUBLIC)
async def preferences(request: AnyRequest, data: Form) -> Redirect:
    """Keep a choice and go back to the page it was made on."""
    answer = Redirect(local(data.get("back")), status_code=303)
    for key, allowed in _ALLOWED.items():
        if data.get(key) in allowed:
            answer.set_cookie(
                key=key,
                value=data[key],
                max_age=_YEAR_S,
                samesite="lax",
                httponly=True,
                secure=request.app.state["secure_cookies"],
            )
    return answer


ROUTES = (preferences,)
