"""Connecting an account in four steps: credentials, test, streams, entity. Each is a page, kept in a draft."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response

from ontologie.errors import OntologieError, UsageError
from ontologie.model.address import on_this_machine
from ontologie.model.credentials import OAuthClient
from ontologie.model.draft import Draft
from ontologie.services import connecting
from ontologie.web.going import go
from ontologie.web.pages.oauth import POPUP_CODES, redirect_uri
from ontologie.web.rendering import page
from ontologie.web.request import AnyRequest, Form, context_of

STEPS = ("credentials", "test", "streams", "entity")
RECONNECT_STEPS = ("credentials", "test")


def address(draft: Draft, step: str) -> str:
    """Where a step of a draft is."""
    return f"/connect/{draft.id}/{step}"


def shown(draft: Draft, step: str, **values: Any) -> dict[str, Any]:
    """What every step's page shows: the steps, and which of them can be gone to."""
    steps = STEPS if draft.source_id is None else RECONNECT_STEPS
    reached = 1 if draft.via is None else 2 if draft.discovery is None else max(3, draft.choices.step)
    return {"draft": draft, "step": step, "steps": steps, "reached": reached, **values}


@post("/connect", status_code=303)
async def begin(request: AnyRequest, data: Form) -> Redirect:
    """A new draft, or the untouched one of the same place; for the simulated portal, with its OAuth app at hand."""
    context = context_of(request)
    connector, simulated = data.get("connector", ""), data.get("portal") == "simulated" and context.simulator
    api_url = context.simulator.url if context.simulator and simulated else None
    for draft in await connecting.unfinished(context):
        same_place = api_url is None or draft.choices.api_url == api_url
        if draft.connector == connector and draft.source_id is None and draft.via is None and same_place:
            await connecting.discard(context, draft.id)
    if context.simulator and api_url:
        draft = await connecting.begin(context, connector, api_url=api_url)
        await connecting.give_client(context, draft.id, context.simulator.client)
    else:
        draft = await connecting.begin(context, connector)
    return Redirect(address(draft, "credentials"), status_code=303)


@post("/sources/{name:str}/reconnect", status_code=303)
async def begin_again(request: AnyRequest, name: FromPath[str]) -> Redirect:
    """Other credentials for a source that is there."""
    context = context_of(request)
    draft = await connecting.begin_again(context, name)
    if context.simulator and draft.choices.api_url == context.simulator.url:
        await connecting.give_client(context, draft.id, context.simulator.client)
    return Redirect(address(draft, "credentials"), status_code=303)


@get("/connect/{draft_id:int}")
async def go_on(request: AnyRequest, draft_id: FromPath[int]) -> Redirect:
    """Where the draft was left."""
    draft = await connecting.find(context_of(request), draft_id)
    found = shown(draft, "")
    steps: tuple[str, ...] = found["steps"]
    return Redirect(address(draft, steps[min(found["reached"], len(steps)) - 1]))


@post("/connect/{draft_id:int}/discard", status_code=303)
async def discard(request: AnyRequest, draft_id: FromPath[int]) -> Redirect:
    """Forget the draft with its credentials."""
    await connecting.discard(context_of(request), draft_id)
    return go("/connectors", "said_discarded")


@get("/connect/{draft_id:int}/credentials")
async def credentials(request: AnyRequest, draft_id: FromPath[int]) -> Response[Any]:
    """Step 1: authorize in a popup, or paste a token."""
    return await _credentials(request, await connecting.find(context_of(request), draft_id))


@post("/connect/{draft_id:int}/token", status_code=303)
async def give_token(request: AnyRequest, draft_id: FromPath[int], data: Form) -> Response[Any]:
    """The pasted token, kept sealed."""
    context = context_of(request)
    try:
        draft = await connecting.give_token(context, draft_id, data.get("token", ""))
    except UsageError as error:
        return await _credentials(request, await connecting.find(context, draft_id), token_error=error)
    return Redirect(address(draft, "test"), status_code=303)


@post("/connect/{draft_id:int}/client", status_code=303)
async def give_client(request: AnyRequest, draft_id: FromPath[int], data: Form) -> Response[Any]:
    """An OAuth app of the user's own."""
    context = context_of(request)
    client = OAuthClient(client_id=data.get("client_id", ""), client_secret=data.get("client_secret", ""))
    try:
        draft = await connecting.give_client(context, draft_id, client)
    except UsageError as error:
        return await _credentials(request, await connecting.find(context, draft_id), client_error=error)
    return Redirect(address(draft, "credentials"), status_code=303)


@get("/connect/{draft_id:int}/test")
async def test(request: AnyRequest, draft_id: FromPath[int]) -> Response[Any]:
    """Step 2: what the account is and what we may read; made by itself when it was not yet."""
    draft = await connecting.find(context_of(request), draft_id)
    if draft.via is None:
        return Redirect(address(draft, "credentials"))
    return page(request, "wizard_test.html", **shown(draft, "test", discovery=draft.discovery))


@post("/connect/{draft_id:int}/test")
async def run_test(request: AnyRequest, draft_id: FromPath[int]) -> Response[Any]:
    """The test itself; its result is a part of the page, a trouble told with its steps."""
    context = context_of(request)
    draft = await connecting.find(context, draft_id)
    try:
        discovery = await connecting.test(context, draft_id)
    except OntologieError as error:
        return page(request, "wizard_test_result.html", **shown(draft, "test", discovery=None, error=error))
    draft = msgspec.structs.replace(draft, discovery=discovery)
    return page(request, "wizard_test_result.html", **shown(draft, "test", discovery=discovery, error=None))


@post("/connect/{draft_id:int}/reconnect", status_code=303)
async def finish_again(request: AnyRequest, draft_id: FromPath[int]) -> Redirect:
    """The last step of a reconnection: the new credentials take the place of the old ones."""
    source = await connecting.finish(context_of(request), draft_id)
    return go(f"/sources/{source.name}", "said_reconnected", source.name)


async def _credentials(
    request: AnyRequest, draft: Draft, *, token_error: UsageError | None = None, client_error: UsageError | None = None
) -> Response[Any]:
    context = context_of(request)
    simulator = context.simulator if context.simulator and draft.choices.api_url == context.simulator.url else None
    connector = context.connectors[draft.connector]
    required, optional = connector.oauth_scopes(draft.choices.streams)
    return page(
        request,
        "wizard_credentials.html",
        status=409 if token_error or client_error else 200,
        **shown(draft, "credentials"),
        can_authorize=draft.has_client or connector.preconfigured_client() is not None,
        simulated=on_this_machine(draft.choices.api_url),
        simulated_token=simulator.token if simulator else "",
        own_app=simulator is None,
        redirect_uri=redirect_uri(request),
        required=required,
        optional=optional,
        popup_codes=POPUP_CODES,
        done=address(draft, "test"),
        token_error=token_error,
        client_error=client_error,
    )


ROUTES = (
    begin, begin_again, go_on, discard, credentials, give_token, give_client, test, run_test, finish_again,
)  # fmt: skip
