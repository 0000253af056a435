"""Where an action leads: back to a page of ours, which then says what was done."""

from urllib.parse import quote, unquote

from litestar.response import Redirect

from ontologie.web.request import AnyRequest

SAID_COOKIE = "said"


def local(address: str | None, otherwise: str = "/") -> str:
    """Only our own pages: ``//host`` and ``/\\\\host`` are other people's."""
    if address and address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable():
        return address
    return otherwise


def go(address: str, said: str, name: str = "") -> Redirect:
    """Redirect to a page of ours; it shows the text ``said`` once, with ``name`` filled in."""
    answer = Redirect(address, status_code=303)
    answer.set_cookie(key=SAID_COOKIE, value=quote(f"{said}:{name}"), max_age=60, samesite="lax", httponly=True)
    return answer


def said_of(request: AnyRequest) -> tuple[str, str] | None:
    """What the last action said, as (text key, name)."""
    key, colon, name = unquote(request.cookies.get(SAID_COOKIE, "")).partition(":")
    return (key, name) if colon and key.startswith("said_") else None
