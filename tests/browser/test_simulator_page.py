"""The simulated portal's own pages: watched and broken by hand, by mouse and by keyboard, in both themes."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from hubspot_simulator import DEFAULT_CLIENT_ID, DEFAULT_TOKEN, Portal, PortalConfig, Server, serve_in_thread
from tests.browser.conftest import SCREENSHOTS


@pytest.fixture
def server() -> Iterator[Server]:
    portal = Portal(PortalConfig(daily_limit=625_000))
    Portal(PortalConfig(portal_id=145_000_002, token="pat-eu1-second"), accounts=portal.accounts)
    with serve_in_thread(portal) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    messages: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda message: messages.append(message.text))
    opened.on("pageerror", lambda error: messages.append(str(error)))
    yield opened
    context.close()
    assert [message for message in messages if "400 (Bad Request)" not in message] == []  # a refusal that was asked for


def _ask(server: Server) -> None:
    headers = {"Authorization": f"Bearer {DEFAULT_TOKEN}"}
    with urlopen(Request(f"{server.url}/crm/objects/2026-09/contacts", headers=headers)) as response:
        response.read()


def test_a_setting_that_is_a_text_is_taken_as_it_is(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.get_by_label("custom plural").fill("Bicyclettes")
    page.get_by_label("custom plural").press("Tab")
    expect(page.locator("#message")).to_have_text("Set.")
    assert server.portal.config.custom_plural == "Bicyclettes"


def test_a_sync_is_watched_and_broken_by_hand(page: Page, server: Server) -> None:
    portal = server.portal
    page.goto(server.url)
    expect(page.get_by_text("Simulated – not HubSpot")).to_be_visible()
    for _ in range(3):
        _ask(server)
    expect(page.get_by_role("row", name="objects 3 0 0")).to_be_visible()
    expect(page.locator("#bars")).to_contain_text("3 of 110")

    page.get_by_label("503", exact=True).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#message")).to_have_text("Set.")
    page.wait_for_function("() => document.querySelector('[data-bad=rate_503]').value === '3'")
    page.get_by_role("button", name="A good day").press("Enter")
    expect(page.locator("#message")).to_have_text("A good day.")
    assert portal.mischief.days.rate_503 == 0

    page.get_by_role("button", name="Freeze").click()
    expect(page.locator("#frozen")).to_have_text("frozen")
    assert portal.clock.frozen
    before = portal.clock.now_ms()
    page.get_by_role("button", name="+ 30 min").click()
    expect(page.locator("#message")).to_have_text("The clock went 30 min forward.")
    assert portal.clock.now_ms() == before + 1_800_000

    page.get_by_label("One event").select_option("archive")
    page.get_by_role("button", name="Make it happen").click()
    expect(page.get_by_role("row", name="contacts 499 1")).to_be_visible()
    page.get_by_label("One event").select_option("edit")
    page.get_by_label("Arguments").fill('{"object_type": "contacts", "object_id": 1, "values": {}}')
    page.get_by_role("button", name="Make it happen").click()
    expect(page.locator("#message.bad")).to_contain_text("no contact 1")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light")])
def test_no_page_is_wider_than_its_screen(page: Page, server: Server, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    asked = f"client_id={DEFAULT_CLIENT_ID}&redirect_uri={server.url}/&scope=oauth+tickets"
    for name, path in (("portal", "/_simulator/"), ("consent", f"/oauth/authorize?{asked}")):
        page.goto(server.url + path)
        page.wait_for_load_state("networkidle") if name == "consent" else page.wait_for_selector("#bars .bar")
        page.screenshot(path=SCREENSHOTS / f"simulator-{name}-{width}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_person_grants_for_the_account_of_their_choice(page: Page, server: Server) -> None:
    back = f"{server.url}/_simulator/"
    page.goto(f"{server.url}/oauth/authorize?client_id={DEFAULT_CLIENT_ID}&redirect_uri={back}&scope=oauth&state=s")
    page.get_by_text("145000002").first.click()
    page.get_by_role("button", name="Grant").press("Enter")
    page.wait_for_url(f"{back}?**")
    answer = parse_qs(urlsplit(page.url).query)
    assert answer["state"] == ["s"]
    code = server.portal.accounts.codes[answer["code"][0]]
    assert code.portal.config.portal_id == 145_000_002
