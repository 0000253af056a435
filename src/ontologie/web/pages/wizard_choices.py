"""The wizard's last two steps: the streams and their frequency, and the entities that they feed."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response

from ontologie.errors import UsageError
from ontologie.model.draft import Choices, Draft
from ontologie.model.frequency import check_frequency
from ontologie.model.run import RunOptions
from ontologie.services import connecting, entities, runs, sources
from ontologie.web.choosing import feeds_of
from ontologie.web.going import go
from ontologie.web.pages.frequency import chosen, preview_of
from ontologie.web.pages.wizard import address, shown
from ontologie.web.rendering import page
from ontologie.web.request import AnyRequest, context_of, lists_of


@get("/connect/{draft_id:int}/streams")
async def streams(request: AnyRequest, draft_id: FromPath[int]) -> Response[Any]:
    """Step 3: what to read, and how often."""
    draft = await connecting.find(context_of(request), draft_id)
    if draft.discovery is None:
        return Redirect(address(draft, "test"))
    return await _streams(request, draft)


@get("/connect/{draft_id:int}/properties/{object_type:str}")
async def properties(request: AnyRequest, draft_id: FromPath[int], object_type: FromPath[str]) -> Response[Any]:
    """The properties of one object type, read from the account, to tick those to leave out."""
    context = context_of(request)
    draft = await connecting.find(context, draft_id)
    found = await connecting.properties(context, draft_id, object_type)
    items = sorted(found, key=lambda item: item.label.casefold())
    prefix = f"{object_type}."
    return page(
        request,
        "exclusions.html",
        object_type=object_type,
        properties=items,
        names={item.name for item in items},
        excluded=[item.removeprefix(prefix) for item in draft.choices.excluded if item.startswith(prefix)],
    )


@post("/connect/{draft_id:int}/streams", status_code=303)
async def choose_streams(request: AnyRequest, draft_id: FromPath[int]) -> Response[Any]:
    """Keep the choice, checked, and go on."""
    context = context_of(request)
    draft = await connecting.find(context, draft_id)
    form = await lists_of(request)
    asked = chosen(*(form.get(name, [""])[0] for name in ("frequency", "cron")))
    choices = msgspec.structs.replace(
        draft.choices,
        name=form.get("name", [""])[0].strip(),
        streams=tuple(form.get("streams", ())),
        excluded=tuple(form.get("excluded", ())),
        sensitive="sensitive" in form,
        hard_delete="hard_delete" in form,
        frequency=asked,
        step=4,
    )
    try:
        await _check(request, draft, choices)
    except UsageError as error:
        return await _streams(request, msgspec.structs.replace(draft, choices=choices), error=error)
    checked = msgspec.structs.replace(choices, frequency=check_frequency(asked))
    return Redirect(address(await connecting.choose(context, draft_id, checked), "entity"), status_code=303)


@get("/connect/{draft_id:int}/entity")
async def entity(request: AnyRequest, draft_id: FromPath[int]) -> Response[Any]:
    """Step 4: which entities the streams feed."""
    draft = await connecting.find(context_of(request), draft_id)
    if draft.discovery is None or not draft.choices.streams:
        return Redirect(address(draft, "streams"))
    return await _entity(request, draft)


@post("/connect/{draft_id:int}/entity", status_code=303)
async def finish(request: AnyRequest, draft_id: FromPath[int]) -> Response[Any]:
    """Make the source and begin its first sync; without links where the step was skipped."""
    context = context_of(request)
    draft = await connecting.find(context, draft_id)
    form = await lists_of(request)
    feeds = {} if "skip" in form else feeds_of(form)
    linked = {stream: tuple(names) for stream, names in feeds.items() if names}
    draft = await connecting.choose(context, draft_id, msgspec.structs.replace(draft.choices, entities=linked))
    try:
        source = await connecting.finish(context, draft_id)
    except UsageError as error:
        if error.code.startswith("ENTITY_"):
            return await _entity(request, draft, error=error)
        return await _streams(request, draft, error=error)
    await runs.start_now(context, source, RunOptions())
    return go("/streams", "said_connected", source.name)


async def _check(request: AnyRequest, draft: Draft, choices: Choices) -> None:
    """What can be said before the last step. Raises UsageError."""
    context = context_of(request)
    check_frequency(choices.frequency)
    if not choices.streams:
        raise UsageError("no stream", code="STREAMS_NOT_CHOSEN", source=choices.name)
    await sources.check_new_name(context, choices.name)


async def _streams(request: AnyRequest, draft: Draft, *, error: UsageError | None = None) -> Response[Any]:
    found = draft.discovery
    ready = [stream.name for stream in found.streams if stream.offered and not stream.optional] if found else []
    excluded: dict[str, list[str]] = {}
    for item in draft.choices.excluded:
        object_type, _, name = item.partition(".")
        excluded.setdefault(object_type, []).append(name)
    return page(
        request,
        "wizard_streams.html",
        status=409 if error else 200,
        **shown(draft, "streams"),
        discovery=found,
        name=draft.choices.name or await connecting.suggested_name(context_of(request), draft),
        ticked=draft.choices.streams if draft.choices.streams or error else ready,
        excluded=excluded,
        preview=preview_of(request, draft.choices.frequency, found.account.time_zone if found else "UTC"),
        error=error,
    )


async def _entity(request: AnyRequest, draft: Draft, *, error: UsageError | None = None) -> Response[Any]:
    return page(
        request,
        "wizard_entity.html",
        status=409 if error else 200,
        **shown(draft, "entity"),
        labels={stream.name: stream.label for stream in draft.discovery.streams} if draft.discovery else {},
        entities=await entities.every(context_of(request)),
        error=error,
    )


ROUTES = (streams, properties, choose_streams, entity, finish)
