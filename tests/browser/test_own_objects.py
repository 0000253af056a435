"""The account's own object types on the page of a source that was connected before they were made."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from hubspot_simulator import ALL_READ_SCOPES, DEFAULT_TOKEN, Portal
from ontologie.model.run import Run, RunOptions
from ontologie.services import runs, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from tests.browser.accessibility import serious_faults
from tests.browser.conftest import SCREENSHOTS, Running
from tests.browser.test_oauth import Drafts

Start = Callable[..., tuple[Portal, str]]
NAME = "garage"
CARS = "p145000081_cars"


@pytest.fixture
def system(running: Running) -> Iterator[Drafts]:
    made = Drafts(running)
    yield made

    async def clean(context: Context) -> None:
        await sources.remove(context, NAME, with_data=True)

    made.within(clean)


async def sync(context: Context) -> Run:
    return await runs.sync_here(context, await sources.find(context, NAME), RunOptions(), lambda _: None)


def part(page: Page, running: Running) -> Locator:
    """The part of the source's page that HubSpot is asked for, in sight."""
    page.goto(f"{running.url}/sources/{NAME}")
    found = page.locator(".own-streams")
    found.scroll_into_view_if_needed()
    return found


def test_one_made_after_connecting_is_offered_read_and_missed_when_it_goes(
    running: Running, system: Drafts, portal: Start, open_page
) -> None:
    made, url = portal(portal_id=145_000_081, contacts=3, cars=4, custom_exists=False)
    request = SourceRequest(
        name=NAME, connector="hubspot", token=DEFAULT_TOKEN, api_url=url, streams=("contacts",), frequency="manual"
    )
    system.within(lambda context: sources.add(context, request))
    page = open_page(errors_expected=True)
    expect(part(page, running).get_by_text("HubSpot names no other object of this account's own")).to_be_visible()
    made.configure(custom_exists=True, custom_plural="Véhicules")
    shown = part(page, running)
    shown.get_by_label("Véhicules").check()
    assert serious_faults(page) == []
    page.screenshot(path=SCREENSHOTS / "own-objects.png", full_page=True)
    page.locator("form", has=shown).get_by_role("button", name="Save").click()
    expect(page.get_by_text("The streams of garage are saved.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Véhicules")).to_be_checked()
    assert system.within(sync).status.value == "synced"
    page.goto(f"{running.url}/streams/{NAME}/{CARS}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Véhicules")
    page.goto(f"{running.url}/streams")
    expect(page.get_by_role("link", name="Véhicules", exact=True)).to_be_visible()

    made.configure(custom_exists=False)
    expect(part(page, running).get_by_text("no object type Véhicules: it was deleted")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "own-objects-gone.png", full_page=True)
    french = open_page(locale="fr", errors_expected=True)
    expect(part(french, running).get_by_text("n’a pas de type d’objet Véhicules")).to_be_visible()
    assert system.within(sync).diagnosis_code == "HUBSPOT_OBJECT_TYPE_UNKNOWN"
    french.goto(f"{running.url}/diagnostic")
    problem = french.locator("article", has_text=NAME)
    expect(problem.get_by_text("n’a pas de type d’objet Véhicules")).to_be_visible()
    french.screenshot(path=SCREENSHOTS / "own-objects-diagnostic-fr.png", full_page=True)


def test_a_token_that_may_not_list_them_says_so_and_trouble_can_be_tried_again(
    running: Running, system: Drafts, portal: Start, open_page
) -> None:
    made, url = portal(portal_id=145_000_081, contacts=3)
    request = SourceRequest(
        name=NAME, connector="hubspot", token=DEFAULT_TOKEN, api_url=url, streams=("contacts",), frequency="manual"
    )
    system.within(lambda context: sources.add(context, request))
    made.issue(DEFAULT_TOKEN, [scope for scope in ALL_READ_SCOPES if "custom" not in scope])
    page = open_page(errors_expected=True)
    expect(part(page, running).get_by_text("the scope crm.schemas.custom.read is not granted")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "own-objects-locked.png", full_page=True)
    made.revoke(DEFAULT_TOKEN)
    shown = part(page, running)
    expect(shown.get_by_role("alert")).to_contain_text("no longer accepts the credentials")
    page.screenshot(path=SCREENSHOTS / "own-objects-trouble.png", full_page=True)
    made.issue(DEFAULT_TOKEN, ALL_READ_SCOPES)
    shown.get_by_role("button", name="Try again").click()
    expect(shown.get_by_label("Voitures")).to_be_visible()
