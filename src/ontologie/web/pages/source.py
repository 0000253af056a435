"""One source: its account, streams, frequency, entities."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from ontologie.errors import StreamStopped, UsageError
from ontologie.services import entities, remarks, source_changes, sources, streams
from ontologie.web.choosing import excluded_of, feeds_of
from ontologie.web.frequency_words import in_words
from ontologie.web.going import go
from ontologie.web.pages.frequency import chosen, preview_of
from ontologie.web.rendering import page, texts_of
from ontologie.web.request import AnyRequest, Form, context_of, language_of, lists_of


@get("/sources/{name:str}")
async def show_source(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """What it reads, how often, and for whom."""
    return await _page(request, name)


@get("/sources/{name:str}/properties/{object_type:str}")
async def properties(request: AnyRequest, name: FromPath[str], object_type: FromPath[str]) -> Response[Any]:
    """The properties of one object type, to tick those to leave out."""
    found = await source_changes.choices(context_of(request), name)
    known = {kind: items for choice in found for kind, items in choice.properties.items()}
    excluded = {kind: items for choice in found for kind, items in choice.excluded.items()}
    items = sorted(known.get(object_type, ()), key=lambda item: item.label.casefold())
    return page(
        request,
        "exclusions.html",
        object_type=object_type,
        properties=items,
        names={item.name for item in items},
        excluded=excluded.get(object_type, ()),
    )


@get("/sources/{name:str}/own-streams")
async def own_streams(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """The account's own object types, to tick: those it has got since it was connected among them."""
    try:
        found = await source_changes.own_streams(context_of(request), name)
    except StreamStopped as error:  # the usual case where a plan has none: nothing is wrong
        return page(request, "own_streams.html", found=None, error=error)
    return page(request, "own_streams.html", found=found, error=None)


@post("/sources/{name:str}/streams", status_code=303)
async def set_streams(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Other streams, other excluded properties, from the next run on."""
    form = await lists_of(request)
    try:
        await source_changes.set_streams(context_of(request), name, form.get("streams", []), excluded_of(form))
    except UsageError as error:
        return await _page(request, name, problem_of="streams", error=error)
    return go(f"/sources/{name}", "said_streams", name)


@post("/sources/{name:str}/frequency", status_code=303)
async def set_frequency(request: AnyRequest, name: FromPath[str], data: Form) -> Response[Any]:
    """Another frequency, at once."""
    asked = chosen(data.get("frequency", ""), data.get("cron", ""))
    try:
        await sources.set_frequency(context_of(request), name, asked)
    except UsageError as error:
        return await _page(request, name, problem_of="frequency", error=error, asked=asked)
    return go(f"/sources/{name}", "said_frequency", name)


@post("/sources/{name:str}/deletions", status_code=303)
async def set_deletions(request: AnyRequest, name: FromPath[str], data: Form) -> Response[Any]:
    """Whether rows of deleted records are removed, from the next run on."""
    await source_changes.set_hard_delete(context_of(request), name, hard_delete="hard_delete" in data)
    return go(f"/sources/{name}", "said_deletions", name)


@post("/sources/{name:str}/entities", status_code=303)
async def set_entities(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Other entities for its streams."""
    try:
        await entities.link(context_of(request), name, feeds_of(await lists_of(request)))
    except UsageError as error:
        return await _page(request, name, problem_of="entities", error=error)
    return go(f"/sources/{name}", "said_entities", name)


async def _page(
    request: AnyRequest, name: str, *, problem_of: str = "", error: UsageError | None = None, asked: str = ""
) -> Response[Any]:
    context = context_of(request)
    source = await sources.find(context, name)
    overview = next(item for item in await streams.overview(context) if item.id == source.id)
    fed: dict[str, list[str]] = {}
    for link in await entities.links(context):
        if link.source_id == source.id:
            fed.setdefault(link.stream, []).append(link.entity)
    return page(
        request,
        "source.html",
        status=409 if error else 200,
        source=source,
        overview=overview,
        choices=await source_changes.choices(context, name),
        frequency_words=in_words(source.frequency, texts_of(request), language_of(request)),
        entities=await entities.every(context),
        fed=fed,
        remarks=await remarks.of_sources(context, [source]),
        problem_of=problem_of,
        frequency=asked or source.frequency,
        preview=preview_of(request, asked or source.frequency, source.account.time_zone if source.account else "UTC"),
        error=error,
    )


ROUTES = (show_source, properties, own_streams, set_streams, set_frequency, set_deletions, set_entities)
