"""Every page: no serious fault for assistive technology, light to load, usable by the keyboard, true on a phone."""

import gzip
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import serious_faults
from tests.browser.conftest import Running

PAGES = (
    "connectors", "sources", "sources/careful", "streams", "streams/careful/contacts", "diagnostic", "nowhere",
)  # fmt: skip
MOST_BYTES = 200_000


@pytest.fixture(scope="module")
def source(running: Running) -> Iterator[str]:
    """A synced source with an entity whose name would like to be markup."""
    url = re.findall(r"Simulated portal\s+(http\S+)", running.greeting)[0]
    running.installation.run(
        "source", "add", "hubspot", "--name", "careful", "--token-env", "HUBSPOT_TOKEN", "--api-url", url,
        "--frequency", "manual",
    )  # fmt: skip
    running.installation.run("sync", "careful")
    yield "careful"
    running.installation.run("source", "remove", "careful", "--with-data", "--yes")


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_no_serious_fault(running: Running, source: str, open_page, *, dark: bool) -> None:
    page = open_page(dark=dark, errors_expected=True)
    faults = {}
    for name in PAGES:
        page.goto(f"{running.url}/{name}")
        if name.endswith("/contacts"):
            expect(page.locator(".tabulator-row").first).to_be_visible()
        if found := serious_faults(page):
            faults[name] = found
    page.goto(f"{running.url}/sources/careful")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Erase its data")).to_be_visible()
    if found := serious_faults(page):
        faults["the dialog"] = found
    assert faults == {}


def test_axe_finds_no_serious_fault_in_the_wizard(running: Running, open_page) -> None:
    page = open_page()
    faults = {}
    page.goto(f"{running.url}/connectors")
    page.get_by_role("button", name="Try it on the simulated portal").click()
    for step, way in (("credentials", "Test the connection"), ("test", "Yes, this account"), ("streams", "Continue")):
        button = page.locator("main").get_by_text(way, exact=True)
        expect(button).to_be_visible(timeout=20_000)
        if found := serious_faults(page):
            faults[step] = found
        button.click()
    expect(page.get_by_text("Which entities do they feed?")).to_be_visible()
    if found := serious_faults(page):
        faults["entity"] = found
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("The unfinished connection is forgotten")).to_be_visible()
    assert faults == {}


def test_no_page_weighs_more_than_200_kb_gzipped(running: Running, source: str, open_page) -> None:
    page = open_page(errors_expected=True)
    weights = {}
    for name in PAGES:
        page.goto(f"{running.url}/{name}")
        asked = page.evaluate(_WHAT_IT_LOADED)
        weights[name] = sum(weight(page, address) for address in [page.url, *asked])
    assert max(weights.values()) < MOST_BYTES, weights


_WHAT_IT_LOADED = """() => performance.getEntriesByType("resource")
    .filter((one) => !["fetch", "xmlhttprequest", "other"].includes(one.initiatorType) || one.name.endsWith(".js"))
    .map((one) => one.name)"""
"""Scripts, styles, fonts and pictures; records and events are not the page."""


def weight(page: Page, address: str) -> int:
    """Bytes of an answer, as a server that compresses sends it."""
    body = page.request.get(address).body()
    return len(body) if address.endswith(".woff2") else len(gzip.compress(body))


def test_the_keyboard_reaches_everything_and_dialogs_keep_it(running: Running, source: str, open_page) -> None:
    page = open_page()
    page.goto(f"{running.url}/sources/careful")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    remove = page.get_by_role("button", name="Remove", exact=True).first
    remove.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_text("Erase its data")).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        assert page.evaluate(inside), "the focus left the dialog"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(remove).to_be_focused()


def test_the_menu_of_a_phone_opens_and_closes(running: Running, source: str, open_page) -> None:
    page = open_page(width=390)
    page.goto(f"{running.url}/streams")
    button = page.get_by_role("button", name="Menu")
    expect(page.get_by_role("link", name="Sources")).to_be_hidden()
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("link", name="Sources")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Sources")).to_be_hidden()


def test_an_entity_named_like_markup_is_text(running: Running, source: str, open_page) -> None:
    page = open_page()
    page.goto(f"{running.url}/sources/careful")
    evil = "<img src=x onerror=alert(1)>"
    page.locator("input[name=new-deals]").fill(evil)
    entities = page.locator("form", has=page.get_by_role("heading", name="Entities"))
    entities.get_by_role("button", name="Save").click()
    expect(page.get_by_text(evil).first).to_be_visible()
    page.goto(f"{running.url}/streams")
    expect(page.get_by_text(evil)).to_be_visible()


def test_streams_frequency_and_properties_change_on_the_page(running: Running, source: str, open_page) -> None:
    page = open_page(errors_expected=True)
    page.goto(f"{running.url}/sources/careful")
    page.get_by_role("combobox", name="Frequency").select_option("cron")
    page.get_by_label("Cron expression").fill("0 6 * * 1-5")
    expect(page.get_by_text("At 06:00, Monday to Friday")).to_be_visible()
    save(page, "Frequency")
    expect(page.get_by_text("HubSpot · At 06:00, Monday to Friday")).to_be_visible()
    page.get_by_label("Cron expression").fill("at six")
    save(page, "Frequency")
    expect(page.get_by_text("is not a frequency").first).to_be_visible()
    expect(page.get_by_label("Cron expression")).to_have_value("at six")
    page.goto(f"{running.url}/sources/careful")
    page.get_by_label("Tickets", exact=True).uncheck()
    page.locator("summary", has_text="Properties to leave out").first.click()
    page.locator("#exclude-contacts").get_by_label("Find a property").fill("first name")
    page.locator("#exclude-contacts li:not([hidden])").get_by_role("checkbox").first.check()
    save(page, "Streams")
    expect(page.locator("summary", has_text="Properties to leave out").first).to_contain_text("1")
    shown = running.installation.run("source", "show", "careful")
    assert "tickets" not in shown
    assert "firstname" in shown


def save(page: Page, heading: str) -> None:
    form = page.locator("form", has=page.get_by_role("heading", name=heading, exact=True))
    form.get_by_role("button", name="Save").click()
