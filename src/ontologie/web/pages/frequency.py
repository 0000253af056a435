"""The preview of a frequency, beside the field where it is chosen."""

from typing import Any

from litestar import get
from litestar.enums import MediaType
from litestar.params import FromQuery
from litestar.response import Response
from markupsafe import Markup

from ontologie.errors import UsageError
from ontologie.model.frequency import check_frequency, known_zone
from ontologie.web.frequency_words import PRESETS, in_words, next_moments
from ontologie.web.rendering import render, texts_of
from ontologie.web.request import AnyRequest, context_of, language_of

_SHOWN = 3


@get("/frequency")
async def preview(
    request: AnyRequest, frequency: FromQuery[str] = "", cron: FromQuery[str] = "", zone: FromQuery[str] = "UTC"
) -> Response[Any]:
    """What the chosen frequency means, while it is being chosen."""
    return Response(preview_of(request, chosen(frequency, cron), known_zone(zone)), media_type=MediaType.HTML)


def preview_of(request: AnyRequest, frequency: str, zone: str) -> Markup:
    """What a frequency means in words, and when it would run next; or what is wrong with it."""
    try:
        checked = check_frequency(frequency)
    except UsageError as error:
        return Markup(render(request, "frequency_preview.html", code=error.code, params=error.params))
    now = context_of(request).clock.now()
    moments = () if checked in PRESETS else next_moments(checked, now=now, time_zone=zone, count=_SHOWN)
    words = in_words(checked, texts_of(request), language_of(request))
    return Markup(render(request, "frequency_preview.html", code="", words=words, moments=moments, zone=zone))


def chosen(frequency: str, cron: str) -> str:
    """The frequency that the two fields mean together, unchecked."""
    return f"cron {cron.strip()}" if frequency == "cron" else frequency


ROUTES = (preview,)
