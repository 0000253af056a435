"""One record: a page with an address of its own, and the same beside the table."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from ontologie.services import grid, records
from ontologie.services.grid import Kind
from ontologie.services.records import Value
from ontologie.web.formats import Formats
from ontologie.web.pages.spreadsheet import frame_of, group_named, named
from ontologie.web.plain_text import holds_html, plain_text
from ontologie.web.rendering import page, texts_of
from ontologie.web.request import AnyRequest, context_of, is_partial, language_of


@get("/streams/{source_name:str}/{object_type:str}/records/{record_id:str}")
async def show_record(
    request: AnyRequest, source_name: FromPath[str], object_type: FromPath[str], record_id: FromPath[str]
) -> Response[Any]:
    """All that is known of a record."""
    context = context_of(request)
    shown = await grid.sheet(context, source_name, object_type)
    if shown is None:
        raise NotFoundException
    found = await records.find(context, shown, record_id)
    texts = texts_of(request)
    formats = Formats(language_of(request), context.clock.now())

    def told(item: Value) -> str:
        home = "home_currency" in item.column.name
        return _told(item, formats, shown.time_zone, shown.currency if home else found.currency, texts.get)

    return page(
        request,
        "record_body.html" if is_partial(request) else "record.html",
        record=found,
        title=found.title and plain_text(found.title) if object_type == "notes" else found.title,
        told=told,
        named=lambda column: named(column, texts),
        group_named=lambda column: group_named(column, texts),
        plain_text=plain_text,
        partial=is_partial(request),
        **await frame_of(context, shown.source, object_type),
    )


def _told(item: Value, formats: Formats, zone: str, currency: str | None, text: Callable[[str], str]) -> str:
    """A value as this reader writes it; always text."""
    value, labels = item.value, dict(item.column.options)
    if value in (None, "", []):
        return ""
    ways: dict[Kind, Callable[[], str]] = {
        Kind.YES_NO: lambda: text("grid_yes" if value else "grid_no"),
        Kind.CHOICE: lambda: labels.get(str(value), str(value)),
        Kind.ID: lambda: str(value),
        Kind.CHOICES: lambda: ", ".join(labels.get(one, one) for one in value),
        Kind.NUMBER: lambda: formats.exactly(value),
        Kind.MONEY: lambda: formats.money(value, currency),
        Kind.DAY: lambda: formats.day(value),
        Kind.MOMENT: lambda: formats.moment_of_text(value, zone),
    }
    way = ways.get(item.column.kind)
    if way is not None:
        return way()
    return plain_text(str(value)) if holds_html(item.column.name) else str(value)


ROUTES = (show_record,)
