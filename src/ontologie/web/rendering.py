"""From values to HTML, in the reader's language and the account's time zone."""

from datetime import datetime
from importlib.resources import files
from typing import Any, cast

from babel.dates import format_datetime, format_timedelta, get_timezone
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Request, Response
from litestar.enums import MediaType
from litestar.template.base import csrf_token

from ontologie.model.diagnosis import Language, explain
from ontologie.services.context import Context
from ontologie.web.catalogue import Texts, load_texts

LANGUAGE_COOKIE = "language"
THEME_COOKIE = "theme"
AnyRequest = Request[Any, Any, Any]

_templates = Environment(
    loader=PackageLoader("ontologie.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    enable_async=False,
)
_TEXTS: dict[Language, Texts] = {
    language: load_texts(files("ontologie.web").joinpath("locale", f"{language}.po").read_bytes(), language)
    for language in ("en", "fr")
}


class Formats:
    """Numbers, moments and durations as this reader writes them."""

    def __init__(self, language: Language, now: datetime) -> None:
        self._language = language
        self._now = now

    def number(self, value: float | None) -> str:
        return "–" if value is None else format_decimal(value, locale=self._language)

    def moment(self, value: datetime, zone: str) -> str:
        """The day and the minute, in the account's time zone."""
        return format_datetime(value, "d MMM, HH:mm", tzinfo=get_timezone(zone), locale=self._language)

    def ago(self, value: datetime) -> str:
        """How long ago, or in how long."""
        return format_timedelta(value - self._now, add_direction=True, format="short", locale=self._language)


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


def render(request: AnyRequest, template: str, **values: Any) -> str:
    """The HTML of a template."""
    language = language_of(request)
    context: Context = request.app.state["context"]
    texts = _TEXTS[language]
    theme = request.cookies.get(THEME_COOKIE)
    return _templates.get_template(template).render(
        t=texts.get,
        called=texts.called,
        formats=Formats(language, context.clock.now()),
        explain=lambda code, params: explain(code, params, language),
        language=language,
        theme=theme if theme in ("light", "dark") else "auto",
        path=request.url.path,
        csrf_token=csrf_token({"request": request}),
        **values,
    )


def page(request: AnyRequest, template: str, *, status: int = 200, **values: Any) -> Response[str]:
    """A whole page."""
    return Response(render(request, template, **values), status_code=status, media_type=MediaType.HTML)
