"""OAuth from the consent page to a running source, against the simulated portal, without a browser."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from hubspot_simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, App, Portal
from ontologie.database.credentials import DraftCredentials, SourceCredentials
from ontologie.errors import OntologieError
from ontologie.model.credentials import OAuthClient, OAuthCredentials
from ontologie.services import authorizing, connecting, sources
from ontologie.services.authorizing import Answer
from ontologie.services.context import Context
from tests.consent import CALLBACK, SESSION, authorized, consenting, refused, trip
from tests.lab import Lab, progress

Start = Callable[..., tuple[Portal, str]]


@pytest.fixture
def lab(lab: Lab) -> Lab:
    """With the simulator's app as the installation's own."""
    ours = Lab(lab.home)
    ours.settings = {"hubspot_client_id": DEFAULT_CLIENT_ID, "hubspot_client_secret": DEFAULT_CLIENT_SECRET}
    return ours


def within(lab: Lab, work: Callable[[Context], Coroutine[Any, Any, None]]) -> None:
    lab.within(work)


def test_authorized_tested_finished_and_synced(lab: Lab, portal: Start) -> None:
    _, url = consenting(portal)

    async def work(context: Context) -> None:
        draft_id = await authorized(context, url)
        found = await connecting.test(context, draft_id)
        assert found.account.domain
        assert found.streams[0].objects[0].records == 3
        assert found.limits.daily is None  # OAuth answers do not tell
        draft = await connecting.find(context, draft_id)
        chosen = connecting.Choices(name="oauth", api_url=url, streams=("contacts",), frequency="manual")
        await connecting.choose(context, draft.id, chosen)
        await connecting.finish(context, draft.id)

    within(lab, work)
    assert progress(lab.sync("oauth"), "contacts").counts.inserted == 3


def test_a_state_is_good_once_for_its_own_session_for_ten_minutes(lab: Lab, portal: Start) -> None:
    _, url = consenting(portal)

    async def work(context: Context) -> None:
        draft = await connecting.begin(context, "hubspot", api_url=url)
        answer = await trip(context, draft.id)
        await authorizing.finish(context, answer, session=SESSION)
        async with refused("OAUTH_STATE_INVALID"):
            await authorizing.finish(context, answer, session=SESSION)
        stolen = await trip(context, draft.id)
        async with refused("OAUTH_STATE_INVALID"):
            await authorizing.finish(context, stolen, session="another browser's")
        async with refused("OAUTH_STATE_INVALID"):
            await authorizing.finish(context, stolen, session=SESSION)  # used up by the attempt
        late = await trip(context, draft.id)
        async with context.pool.connection() as connection:
            await connection.execute("UPDATE authorizations SET expires_at = now() - interval '1 second'")
        async with refused("OAUTH_STATE_EXPIRED"):
            await authorizing.finish(context, late, session=SESSION)
        for nonsense in ("", "x", "é\0"):
            async with refused("OAUTH_STATE_INVALID"):
                await authorizing.finish(context, Answer(state=nonsense, code="c"), session=SESSION)

    within(lab, work)


def test_a_refusal_keeps_nothing(lab: Lab, portal: Start) -> None:
    _, url = consenting(portal, "refuse")

    async def work(context: Context) -> None:
        draft = await connecting.begin(context, "hubspot", api_url=url)
        async with refused("OAUTH_CONSENT_REFUSED"):
            await authorizing.finish(context, await trip(context, draft.id), session=SESSION)
        assert (await connecting.find(context, draft.id)).via is None

    within(lab, work)


@pytest.mark.parametrize(
    ("uri", "good"),
    [
        ("https://data.example.com/oauth/callback", True),
        ("http://localhost:8650/oauth/callback", True),
        ("http://127.0.0.1:8650/oauth/callback", True),
        ("http://data.example.com/oauth/callback", False),
        ("http://localhost.example.com/oauth/callback", False),
        ("ftp://localhost/oauth/callback", False),
    ],
)
def test_codes_come_back_by_https_or_to_this_machine_only(uri: str, *, good: bool) -> None:
    if good:
        authorizing.check_redirect_uri(uri)
        return
    with pytest.raises(OntologieError) as raised:
        authorizing.check_redirect_uri(uri)
    assert raised.value.code == "OAUTH_REDIRECT_NOT_HTTPS"


def test_without_an_app_it_says_so_and_an_app_of_ones_own_will_do(lab: Lab, portal: Start) -> None:
    made, url = consenting(portal)
    made.accounts.register(App(client_id="own-app", client_secret="own-secret", app_id=77))
    lab.settings = {}

    async def work(context: Context) -> None:
        draft = await connecting.begin(context, "hubspot", api_url=url)
        async with refused("OAUTH_CLIENT_MISSING"):
            await authorizing.start(context, draft.id, session=SESSION, redirect_uri=CALLBACK)
        wrong = OAuthClient(client_id="own-app", client_secret="wrong")
        await connecting.give_client(context, draft.id, wrong)
        async with refused("OAUTH_CLIENT_REFUSED"):
            await authorizing.finish(context, await trip(context, draft.id), session=SESSION)
        client = OAuthClient(client_id=" own-app ", client_secret="own-secret")
        await connecting.give_client(context, draft.id, client)
        await authorizing.finish(context, await trip(context, draft.id), session=SESSION)
        assert (await connecting.test(context, draft.id)).account.app_id == 77

    within(lab, work)


def test_an_expired_token_is_refreshed_within_the_request_and_a_rotated_one_is_kept(lab: Lab, portal: Start) -> None:
    made, url = consenting(portal)
    made.accounts.switch(rotate_refresh_tokens=True)

    async def work(context: Context) -> None:
        draft_id = await authorized(context, url)
        keeper = DraftCredentials(context.pool, context.vault, draft_id)
        before = await keeper.read()
        made.clock.advance(timedelta(hours=1))  # the portal's clock, not ours: a 401 EXPIRED_AUTHENTICATION
        assert (await connecting.test(context, draft_id)).streams[0].ready
        after = await keeper.read()
        assert isinstance(before, OAuthCredentials)
        assert isinstance(after, OAuthCredentials)
        assert after.refresh_token != before.refresh_token
        assert after.access_token != before.access_token

    within(lab, work)


def test_two_workers_refresh_one_token_once(lab: Lab, portal: Start) -> None:
    made, url = consenting(portal)
    made.accounts.switch(rotate_refresh_tokens=True)  # a second refresh with the old one would be refused

    async def work(context: Context) -> None:
        draft_id = await authorized(context, url)
        await connecting.choose(
            context, draft_id, connecting.Choices(name="many", api_url=url, streams=("contacts",), frequency="manual")
        )
        source = await connecting.finish(context, draft_id)
        made.clock.advance(timedelta(hours=1))

        async def worker() -> int:
            keeper = SourceCredentials(context.pool, context.vault, source.id)
            connector = context.connectors["hubspot"]
            async with connector.open(api_url=url, credentials=keeper, terms=context.terms) as session:
                return (await session.account()).portal_id

        assert len(set(await asyncio.gather(*(worker() for _ in range(6))))) == 1

    within(lab, work)


def test_an_uninstalled_app_is_told_and_authorizing_again_goes_on(lab: Lab, portal: Start) -> None:
    made, url = consenting(portal)

    async def connect(context: Context) -> None:
        draft_id = await authorized(context, url)
        chosen = connecting.Choices(name="gone", api_url=url, streams=("contacts",), frequency="manual")
        await connecting.choose(context, draft_id, chosen)
        await connecting.finish(context, draft_id)

    within(lab, connect)
    lab.sync("gone")
    made.accounts.uninstall(DEFAULT_CLIENT_ID, made)
    run = lab.sync("gone")
    assert (run.status.value, run.diagnosis_code) == ("action_required", "HUBSPOT_APP_UNINSTALLED")

    async def again(context: Context) -> None:
        draft = await connecting.begin_again(context, "gone")
        await authorizing.finish(context, await trip(context, draft.id), session=SESSION)
        await connecting.finish(context, draft.id)

    within(lab, again)
    assert lab.sync("gone").status.value == "synced"


def test_the_database_holds_no_secret_in_clear(lab: Lab, portal: Start) -> None:
    _, url = consenting(portal)

    async def work(context: Context) -> None:
        draft_id = await authorized(context, url)
        kept = await DraftCredentials(context.pool, context.vault, draft_id).read()
        await connecting.give_client(context, draft_id, OAuthClient(client_id="c-id", client_secret="c-secret-c"))
        await authorizing.start(context, draft_id, session=SESSION, redirect_uri=CALLBACK)
        assert isinstance(kept, OAuthCredentials)
        secrets = (kept.access_token, kept.refresh_token, "c-secret-c", DEFAULT_CLIENT_SECRET, SESSION)
        for table in ("source_drafts", "authorizations", "credentials"):
            async with context.pool.connection() as connection:
                cursor = await connection.execute(f"SELECT t::text AS row FROM {table} t".encode())
                dump = "".join(row["row"] for row in await cursor.fetchall())
            assert dump or table == "credentials"
            for secret in secrets:
                assert secret not in dump
                assert secret.encode().hex() not in dump

    within(lab, work)


@pytest.fixture(autouse=True)
def _clean(lab: Lab) -> Any:
    yield

    async def clean(context: Context) -> None:
        for source in await sources.every(context):
            if source.name in ("oauth", "many", "gone"):
                await sources.remove(context, source.name, with_data=True)

    lab.within(clean)
