"""A run: what it did, step by step and while it does it; and the runs of a source."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response, ServerSentEvent

from ontologie.services import runs, sources
from ontologie.web.formats import Formats
from ontologie.web.going import go
from ontologie.web.live import live
from ontologie.web.rendering import page, render, texts_of
from ontologie.web.request import AnyRequest, context_of, language_of
from ontologie.web.story import Story
from ontologie.web.timeline import lanes

_SHOWN = 100


@get("/runs/{run_id:int}")
async def show_run(request: AnyRequest, run_id: FromPath[int]) -> Response[Any]:
    """One run, live while it is open."""
    return page(request, "run.html", **await _shown(request, run_id))


@get("/runs/{run_id:int}/events")
async def run_events(request: AnyRequest, run_id: FromPath[int]) -> ServerSentEvent:
    """The run again whenever its source moved."""

    async def part() -> str:
        return render(request, "run_body.html", **await _shown(request, run_id))

    return live(request, "run", part)


@post("/runs/{run_id:int}/cancel", status_code=303)
async def cancel(request: AnyRequest, run_id: FromPath[int]) -> Redirect:
    """End it within two seconds."""
    await runs.cancel_one(context_of(request), run_id)
    return go(f"/runs/{run_id}", "said_cancelled")


@get("/sources/{name:str}/runs")
async def show_runs(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """The latest runs of a source."""
    context = context_of(request)
    source = await sources.find(context, name)
    found = await runs.history(context, source, limit=_SHOWN)
    return page(request, "runs.html", source=source, runs=found, shown=_SHOWN)


async def _shown(request: AnyRequest, run_id: int) -> dict[str, Any]:
    context = context_of(request)
    story = await runs.find(context, run_id)
    now = context.clock.now()
    return {
        "story": story,
        "run": story.run,
        "source": story.source,
        "lanes": lanes(story, now),
        "tell": Story(texts_of(request), Formats(language_of(request), now)),
    }


ROUTES = (show_run, run_events, cancel, show_runs)
