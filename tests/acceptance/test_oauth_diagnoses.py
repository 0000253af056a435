"""Each trouble of OAuth and of permissions provoked on a simulated portal: its code, what is kept, what goes on."""

import asyncio
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta

import msgspec
import pytest

from hubspot_simulator import ALL_READ_SCOPES, DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_TOKEN, App, Portal
from ontologie.database.credentials import SourceCredentials
from ontologie.model.credentials import OAuthCredentials
from ontologie.model.run import Run
from ontologie.services import authorizing, connecting, discovery, sources
from ontologie.services.authorizing import Answer
from ontologie.services.context import Context
from tests.consent import SESSION, Start, authorized, connected, consenting, refused, trip
from tests.lab import Lab

NAME = "authorized"


@pytest.fixture
def lab(lab: Lab) -> Iterator[Lab]:
    """With the simulator's app as the installation's own; what a test made is removed."""
    ours = Lab(lab.home)
    ours.settings = {"hubspot_client_id": DEFAULT_CLIENT_ID, "hubspot_client_secret": DEFAULT_CLIENT_SECRET}
    yield ours
    ours.forget(NAME)


def of_the_run(run: Run) -> tuple[str, str | None]:
    return run.status.value, run.diagnosis_code


def of_the_streams(run: Run) -> dict[str, tuple[str, str | None]]:
    return {item.object_type: (item.status.value, item.diagnosis_code) for item in run.objects}


def answered(lab: Lab, url: str, code: str, meanwhile: Callable[[Answer], Answer]) -> None:
    """Go to the consent page, let something happen, come back: refused with ``code``, nothing kept, and again well."""

    async def work(context: Context) -> None:
        draft = await connecting.begin(context, "hubspot", api_url=url)
        answer = meanwhile(await trip(context, draft.id))
        async with refused(code):
            await authorizing.finish(context, answer, session=SESSION)
        assert (await connecting.find(context, draft.id)).via is None
        await connecting.discard(context, draft.id)

    lab.within(work)


def test_a_code_that_comes_too_late_or_twice_is_refused(lab: Lab, portal: Start) -> None:
    made, url = consenting(portal)

    def late(answer: Answer) -> Answer:
        made.clock.advance(timedelta(minutes=2))
        return answer

    def used(answer: Answer) -> Answer:
        made.accounts.codes.clear()
        return answer

    answered(lab, url, "OAUTH_CODE_REFUSED", late)
    answered(lab, url, "OAUTH_CODE_REFUSED", used)


def test_a_code_given_to_another_address_is_refused(lab: Lab, portal: Start) -> None:
    made, url = consenting(portal)

    def elsewhere(answer: Answer) -> Answer:
        code = made.accounts.codes[answer.code]
        made.accounts.codes[answer.code] = msgspec.structs.replace(code, redirect_uri="https://elsewhere.example/")
        return answer

    answered(lab, url, "OAUTH_REDIRECT_REFUSED", elsewhere)


def test_scopes_that_the_app_has_not_are_refused(lab: Lab, portal: Start) -> None:
    made, url = consenting(portal)

    def narrowed(answer: Answer) -> Answer:
        app = made.accounts.apps[DEFAULT_CLIENT_ID]
        made.accounts.register(msgspec.structs.replace(app, scopes=("oauth",)))
        return answer

    answered(lab, url, "OAUTH_SCOPES_REFUSED", narrowed)
    made.accounts.register(App(client_id=DEFAULT_CLIENT_ID, client_secret=DEFAULT_CLIENT_SECRET, app_id=1))
    told = lambda answer: Answer(state=answer.state, error="invalid_scope")  # noqa: E731
    answered(lab, url, "OAUTH_SCOPES_REFUSED", told)


def test_authorizing_opens_every_stream(lab: Lab, portal: Start) -> None:
    _, url = consenting(portal)

    async def work(context: Context) -> None:
        draft_id = await authorized(context, url)
        found = await connecting.test(context, draft_id)
        assert [stream.name for stream in found.streams if not stream.complete] == []
        await connecting.discard(context, draft_id)

    lab.within(work)


def test_the_second_scope_that_a_stream_takes_is_named_too(lab: Lab, portal: Start) -> None:
    made, url = portal(products=2)
    lab.add(NAME, url, "products")
    made.issue(DEFAULT_TOKEN, [scope for scope in ALL_READ_SCOPES if scope != "e-commerce"])
    run = lab.sync(NAME)
    assert of_the_run(run) == ("action_required", "HUBSPOT_SCOPE_MISSING")
    assert run.diagnosis_params["scope"] == "e-commerce"


def test_what_the_consent_page_says_in_its_own_words_is_shown(lab: Lab, portal: Start) -> None:
    _, url = consenting(portal)
    answered(lab, url, "OAUTH_REFUSED", lambda answer: Answer(state=answer.state, error="server_error"))
    answered(lab, url, "OAUTH_CONSENT_REFUSED", lambda answer: Answer(state=answer.state, error="access_denied"))


def test_an_app_that_was_uninstalled_is_told_from_an_authorization_that_was_withdrawn(lab: Lab, portal: Start) -> None:
    made, url = consenting(portal)
    lab.within(lambda context: connected(context, url, NAME, "contacts", "companies"))
    assert of_the_run(lab.sync(NAME)) == ("synced", None)
    lab.within(lambda context: withdraw(context, made, url))
    run = lab.sync(NAME)
    assert of_the_run(run) == ("action_required", "HUBSPOT_TOKEN_REVOKED")
    lab.within(again)
    assert of_the_run(lab.sync(NAME)) == ("synced", None)
    made.accounts.uninstall(DEFAULT_CLIENT_ID, made)
    assert of_the_run(lab.sync(NAME)) == ("action_required", "HUBSPOT_APP_UNINSTALLED")
    assert lab.rows(f"SELECT count(*) FROM hubspot_{NAME}.contacts") == [(3,)]  # what was there stays
    lab.within(again)
    assert of_the_run(lab.sync(NAME)) == ("synced", None)


async def withdraw(context: Context, made: Portal, url: str) -> None:
    """End the refresh token, and let the access token run out."""
    source = await sources.find(context, NAME)
    kept = await SourceCredentials(context.pool, context.vault, source.id).read()
    assert isinstance(kept, OAuthCredentials)
    form = {
        "client_id": DEFAULT_CLIENT_ID,
        "client_secret": DEFAULT_CLIENT_SECRET,
        "token": kept.refresh_token,
    }
    body = urllib.parse.urlencode(form).encode()
    await asyncio.to_thread(lambda: urllib.request.urlopen(f"{url}/oauth/2026-09/token/revoke", body).close())
    made.clock.advance(timedelta(hours=1))


async def again(context: Context) -> None:
    draft = await connecting.begin_again(context, NAME)
    await authorizing.finish(context, await trip(context, draft.id), session=SESSION)
    await connecting.finish(context, draft.id)


def test_an_app_whose_secret_was_rotated_is_told(lab: Lab, portal: Start) -> None:
    made, url = consenting(portal)
    lab.within(lambda context: connected(context, url, NAME, "contacts"))
    app = made.accounts.apps[DEFAULT_CLIENT_ID]
    made.accounts.register(msgspec.structs.replace(app, client_secret="another"))
    assert of_the_run(lab.sync(NAME)) == ("action_required", "OAUTH_CLIENT_REFUSED")
    made.accounts.register(app)
    lab.settings = {}
    assert of_the_run(lab.sync(NAME)) == ("action_required", "OAUTH_CLIENT_MISSING")


def test_records_that_the_user_may_not_view_stop_their_stream_alone(lab: Lab, portal: Start) -> None:
    made, url = consenting(portal)
    lab.within(lambda context: connected(context, url, NAME, "contacts", "companies"))
    made.configure(unpermitted_types=("companies",))
    assert of_the_streams(lab.sync(NAME)) == {
        "contacts": ("synced", None),
        "companies": ("action_required", "HUBSPOT_PERMISSION_MISSING"),
    }
    locked = {item.name: item.problem for item in lab.within(lambda context: examined(context, url)).streams}
    assert locked["contacts"] is None
    assert locked["companies"] is not None
    assert locked["companies"].problem_code == "HUBSPOT_PERMISSION_MISSING"
    made.configure(unpermitted_types=())
    assert of_the_run(lab.sync(NAME)) == ("synced", None)


async def examined(context: Context, url: str) -> discovery.Discovery:
    source = await sources.find(context, NAME)
    keeper = SourceCredentials(context.pool, context.vault, source.id)
    return await discovery.discover(context, context.connectors["hubspot"], url, keeper)
