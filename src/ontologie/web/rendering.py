"""From values to HTML, in the reader's language and the account's time zone."""

from collections.abc import Mapping
from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response
from litestar.enums import MediaType
from litestar.status_codes import HTTP_422_UNPROCESSABLE_ENTITY
from litestar.template.base import csrf_token

from ontologie.model.diagnosis import Language, Situation, Told, explain
from ontologie.model.reference import Account
from ontologie.model.user import Role
from ontologie.web.catalogue import Texts, load_language
from ontologie.web.formats import Formats
from ontologie.web.going import SAID_COOKIE, said_of
from ontologie.web.icons import icon
from ontologie.web.naming import own_name
from ontologie.web.notices import place_of
from ontologie.web.refusal import Refusal
from ontologie.web.request import THEME_COOKIE, AnyRequest, installation_of, language_of, user_of
from ontologie.web.sparkline import sparkline
from ontologie.web.static_files import STATIC

_templates = Environment(
    loader=PackageLoader("ontologie.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    enable_async=False,
)
_templates.globals |= {"icon": icon, "place_of": place_of, "sparkline": sparkline, "STATIC": STATIC}
_LOCALE = files("ontologie.web").joinpath("locale")
_TEXTS: dict[Language, Texts] = {language: load_language(_LOCALE, language) for language in ("en", "fr")}


def texts_of(request: AnyRequest) -> Texts:
    """The texts in the reader's language."""
    return _TEXTS[language_of(request)]


def render(request: AnyRequest, template: str, *, refusal: Refusal | None = None, **values: Any) -> str:
    """The HTML of a template; with ``refusal`` of the page on which a form of it was refused."""
    language = language_of(request)
    texts = _TEXTS[language]
    user = user_of(request)
    formats = Formats(language, installation_of(request).clock.now())
    theme = request.cookies.get(THEME_COOKIE)
    return _templates.get_template(template).render(
        t=texts.get,
        tn=partial(_counted, texts, formats),
        called=partial(called, request),
        formats=formats,
        explain=partial(_explained, request),
        language=language,
        theme=theme if theme in ("light", "dark") else "auto",
        path=request.url.path,
        notices=getattr(request.state, "notices", ()),
        user=user,
        may=lambda role: user is not None and user.role.allows(Role(role)),
        just_done=_just_done(request, texts),
        csrf_token=csrf_token({"request": request}),
        typed=partial(_typed, refusal),
        refused=partial(_refused, request, refusal),
        **values,
    )


def called(request: AnyRequest, prefix: str, name: str) -> str:
    """What a thing is called: by the account that has it, where it is its own, else by us."""
    return own_name(request, prefix, name) or texts_of(request).called(prefix, name)


def told_params(request: AnyRequest, params: Mapping[str, str | int]) -> dict[str, str | int]:
    """A diagnosis's parameters, with the object type as the pages call it."""
    kind = params.get("object_type")
    return dict(params) if kind is None else {**params, "object_type": called(request, "object", str(kind))}


def _counted(texts: Texts, formats: Formats, key: str, number: int, **values: object) -> str:
    """The text in the form that goes with the number, which it shows as ``{count}``."""
    return texts.counted(key, number, count=formats.number(number), **values)


def _explained(
    request: AnyRequest, code: str, params: Mapping[str, str | int], account: Account | None = None
) -> Told:
    """A diagnosis as this reader reads it; links lead to ``account``'s own pages where it is given."""
    situation = Situation(portal_id=account.portal_id, ui_domain=account.ui_domain) if account else Situation()
    return explain(code, told_params(request, params), language_of(request), situation)


def _typed(refusal: Refusal | None, form: str, field: str, otherwise: str = "") -> str:
    """What was typed into a field of a form that is shown again, else what it holds at first."""
    return refusal.typed.get(field, "") if refusal and refusal.form == form else otherwise


def _refused(request: AnyRequest, refusal: Refusal | None, form: str, field: str = "") -> Told | None:
    """What is wrong with a field of a form; without one: what is wrong with none of them."""
    if refusal is None or (refusal.form, refusal.field) != (form, field):
        return None
    return _explained(request, refusal.error.code, refusal.error.params)


def _just_done(request: AnyRequest, texts: Texts) -> str:
    """The sentence that the last action left to be said, or nothing."""
    said = said_of(request)
    return texts.get(said[0], name=said[1]) if said and said[0] in texts else ""


def page(
    request: AnyRequest, template: str, *, status: int = 200, refusal: Refusal | None = None, **values: Any
) -> Response[str]:
    """A whole page, or the part of one that htmx asked for. What the last action said is said once."""
    html = render(request, template, refusal=refusal, **values)
    answer = Response(html, status_code=HTTP_422_UNPROCESSABLE_ENTITY if refusal else status, media_type=MediaType.HTML)
    if SAID_COOKIE in request.cookies:
        answer.delete_cookie(SAID_COOKIE)
    return answer
