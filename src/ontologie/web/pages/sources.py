"""Live Data > Sources: the configured ones, and what can be done with them."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response, ServerSentEvent

from ontologie.model.run import RunOptions
from ontologie.services import runs, sources, streams
from ontologie.web.frequency_words import in_words
from ontologie.web.going import go, local
from ontologie.web.live import live
from ontologie.web.rendering import page, render, texts_of
from ontologie.web.request import AnyRequest, Form, context_of, language_of


@get("/sources")
async def show_sources(request: AnyRequest) -> Response[Any]:
    """Every source: account, health, frequency, next run; those in trouble first."""
    return page(request, "sources.html", **await _shown(request))


@get("/sources/events")
async def source_events(request: AnyRequest) -> ServerSentEvent:
    """The table again whenever something moved."""

    async def table() -> str:
        return render(request, "sources_table.html", **await _shown(request))

    return live(request, "sources", table)


@post("/sources/{name:str}/sync", status_code=303)
async def sync(request: AnyRequest, name: FromPath[str], data: Form) -> Redirect:
    """Now, or follow the run that is open; ``check`` makes it a full check."""
    context = context_of(request)
    options = RunOptions(check=data.get("check") == "yes")
    await runs.start_now(context, await sources.find(context, name), options)
    return go(local(data.get("back"), "/streams"), "said_check" if options.check else "said_sync", name)


@post("/sources/{name:str}/pause", status_code=303)
async def pause(request: AnyRequest, name: FromPath[str], data: Form) -> Redirect:
    await sources.pause(context_of(request), name)
    return go(local(data.get("back"), "/sources"), "said_pause", name)


@post("/sources/{name:str}/resume", status_code=303)
async def resume(request: AnyRequest, name: FromPath[str], data: Form) -> Redirect:
    await sources.resume(context_of(request), name)
    return go(local(data.get("back"), "/sources"), "said_resume", name)


@get("/sources/{name:str}/remove")
async def ask_removal(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """What a removal would erase, for the dialog that asks."""
    context = context_of(request)
    source = await sources.find(context, name)
    counts = {table: rows for table, rows in (await sources.row_counts(context, source)).items() if rows}
    return page(request, "source_removal.html", source=source, counts=counts)


@post("/sources/{name:str}/remove", status_code=303)
async def remove(request: AnyRequest, name: FromPath[str], data: Form) -> Redirect:
    """Forget the source; its records too where the form says so."""
    with_data = data.get("data") == "erase"
    await sources.remove(context_of(request), name, with_data=with_data)
    return go("/sources", "said_erased" if with_data else "said_removed", name)


async def _shown(request: AnyRequest) -> dict[str, Any]:
    found = streams.troubled_first(await streams.overview(context_of(request)))
    texts, language = texts_of(request), language_of(request)
    words = {source.name: in_words(source.frequency, texts, language) for source in found}
    return {"sources": found, "frequencies": words}


ROUTES = (show_sources, source_events, sync, pause, resume, ask_removal, remove)
