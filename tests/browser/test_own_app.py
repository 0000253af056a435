"""An OAuth app of the user's own, and an account that is connected again: the whole way in a browser."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from hubspot_simulator import ALL_READ_SCOPES, App, Portal
from ontologie.model.run import Run, RunOptions
from ontologie.services import runs, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from tests.browser.conftest import SCREENSHOTS, Running
from tests.browser.test_oauth import Drafts

Start = Callable[..., tuple[Portal, str]]
CLIENT, SECRET = "0a0b0c0d-own0-4app-8000-000000000001", "0a0b0c0d-own0-4app-8000-0000secret01"
OLD = "pat-eu1-00000000-0000-4000-8000-00000000a601"
NEW = "pat-eu1-00000000-0000-4000-8000-00000000a602"
OTHER = "pat-eu1-00000000-0000-4000-8000-00000000a603"


@pytest.fixture
def drafts(running: Running) -> Iterator[Drafts]:
    made = Drafts(running)
    yield made

    async def clean(context: Context) -> None:
        for source in await sources.every(context):
            if source.name in ("own-app", "withdrawn"):
                await sources.remove(context, source.name, with_data=True)

    made.within(clean)


def synced(page: Page, running: Running, name: str, streams: int) -> None:
    """The source's streams, all of them, end as Synced."""
    page.goto(f"{running.url}/streams")
    card = page.locator("section.card", has=page.get_by_role("heading", name=name, exact=True))
    expect(card.locator("tbody tr:not(.part) .badge.synced")).to_have_count(streams, timeout=60_000)


def test_an_app_of_ones_own_leads_from_its_client_id_to_synced(
    running: Running, drafts: Drafts, portal: Start, open_page
) -> None:
    made, drafts.api_url = portal(portal_id=145_000_077, contacts=3, companies=2)
    made.accounts.register(
        App(
            client_id=CLIENT,
            client_secret=SECRET,
            app_id=77,
            redirect_uris=(f"{running.url}/oauth/callback",),
            scopes=ALL_READ_SCOPES,
        )
    )
    draft = drafts.begin()
    page = open_page(errors_expected=True)
    page.goto(f"{running.url}/connect/{draft}/credentials")
    card = page.locator("section", has=page.get_by_role("heading", name="An OAuth app of your own"))
    card.locator("summary").click()
    expect(card.get_by_text(f"{running.url}/oauth/callback")).to_be_visible()
    expect(card.get_by_text("crm.objects.deals.read")).to_be_visible()
    give(card, " ", SECRET)
    expect(card.get_by_text("The client ID or the client secret is empty")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "own-app.png", full_page=True)
    give(card, CLIENT, SECRET)
    expect(page.get_by_label("Client secret")).to_have_value("")
    assert SECRET not in page.content()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Authorize with HubSpot").click()
    opened.value.get_by_role("button", name="Grant").click()
    expect(page.get_by_text("Connection works")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("145000077", exact=True)).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "own-app-tested.png", full_page=True)
    chosen_and_linked(page)
    synced(page, running, "own-app", 3)
    assert {grant.client_id for grant in made.grants.values() if grant.client_id} == {CLIENT}


def chosen_and_linked(page: Page) -> None:
    """Contacts, companies and the account's own cars."""
    page.get_by_role("link", name="Yes, this account").click()
    page.locator("#name").fill("own-app")
    for stream in ("deals", "tickets", "engagements"):
        page.locator(f"input[name=streams][value={stream}]").uncheck()
    page.locator("input[name=streams][value$=_cars]").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Voitures", exact=True)).to_be_visible()
    page.get_by_role("button", name="Link and start the first sync").click()
    expect(page).to_have_url(re.compile("/streams$"))


def give(card: Locator, client_id: str, secret: str) -> None:
    card.get_by_label("Client ID").fill(client_id)
    card.get_by_label("Client secret").fill(secret)
    card.get_by_role("button", name="Use this app").click()


def test_a_source_whose_token_was_withdrawn_is_connected_again_with_its_own_account_only(
    running: Running, drafts: Drafts, portal: Start, open_page
) -> None:
    made, url = portal(portal_id=145_000_078, contacts=3, companies=2, token=OLD)
    Portal(type(made.config)(portal_id=145_000_079, contacts=1, token=OTHER), accounts=made.accounts)
    request = SourceRequest(
        name="withdrawn",
        connector="hubspot",
        token=OLD,
        api_url=url,
        streams=("contacts", "companies"),
        frequency="manual",
    )
    drafts.within(lambda context: sources.add(context, request))
    made.revoke(OLD)
    assert drafts.within(sync_again).diagnosis_code == "HUBSPOT_TOKEN_REVOKED"
    page = open_page(errors_expected=True)
    page.goto(f"{running.url}/diagnostic")
    problem = page.locator("article", has_text="withdrawn").filter(has_text="HUBSPOT_TOKEN_REVOKED")
    problem.get_by_role("button", name="Reconnect the account").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("withdrawn")
    give_token(page, OTHER)
    reason = "open the HubSpot account 145000079, and the source reads the account 145000078"
    expect(page.get_by_text(reason)).to_be_visible(timeout=20_000)
    page.screenshot(path=SCREENSHOTS / "reconnect-other-account.png", full_page=True)
    expect(page.get_by_role("button", name="Reconnect", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Other credentials").click()
    made.issue(NEW, ALL_READ_SCOPES)
    give_token(page, NEW)
    expect(page.get_by_text("Connection works")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Reconnect", exact=True).click()
    expect(page.get_by_text("withdrawn is reconnected.")).to_be_visible()
    assert drafts.within(sync_again).status.value == "synced"
    synced(page, running, "withdrawn", 2)
    page.goto(f"{running.url}/diagnostic")
    expect(problem).to_have_count(0)


async def sync_again(context: Context) -> Run:
    source = await sources.find(context, "withdrawn")
    return await runs.sync_here(context, source, RunOptions(), lambda _: None)


def give_token(page: Page, token: str) -> None:
    page.locator("#token").fill(token)
    page.get_by_role("button", name="Test the connection").click()
