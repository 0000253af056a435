"""From values to HTML, in the reader's language and the account's time zone."""

from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response
from litestar.enums import MediaType
from litestar.template.base import csrf_token

from ontologie.model.diagnosis import Language, explain
from ontologie.web.catalogue import Texts, load_language
from ontologie.web.formats import Formats
from ontologie.web.icons import icon
from ontologie.web.request import THEME_COOKIE, AnyRequest, installation_of, language_of, user_of

_templates = Environment(
    loader=PackageLoader("ontologie.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    enable_async=False,
)
_templates.globals["icon"] = icon
_LOCALE = files("ontologie.web").joinpath("locale")
_TEXTS: dict[Language, Texts] = {language: load_language(_LOCALE, language) for language in ("en", "fr")}


def texts_of(request: AnyRequest) -> Texts:
    """The texts in the reader's language."""
    return _TEXTS[language_of(request)]


def render(request: AnyRequest, template: str, **values: Any) -> str:
    """The HTML of a template."""
    language = language_of(request)
    texts = _TEXTS[language]
    theme = request.cookies.get(THEME_COOKIE)
    return _templates.get_template(template).render(
        t=texts.get,
        called=texts.called,
        formats=Formats(language, installation_of(request).clock.now()),
        explain=lambda code, params: explain(code, params, language),
        language=language,
        theme=theme if theme in ("light", "dark") else "auto",
        path=request.url.path,
        user=user_of(request),
        csrf_token=csrf_token({"request": request}),
        **values,
    )


def page(request: AnyRequest, template: str, *, status: int = 200, **values: Any) -> Response[str]:
    """A whole page, or the part of one that htmx asked for."""
    return Response(render(request, template, **values), status_code=status, media_type=MediaType.HTML)
