"""The pages in a real Chromium: from the empty catalogue to Synced, in both languages and themes."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCREENSHOTS, Running
from tests.conftest import Installation


def test_the_way_from_empty_to_synced(untouched: Running, open_page) -> None:
    page = open_page()
    page.context.clear_cookies()  # they are the other installation's: cookies know no ports
    page.goto(untouched.login_link())
    page.get_by_role("button", name="Log in without a password").click()
    page.wait_for_url("**/connectors")
    page.goto(f"{untouched.url}/streams")
    expect(page.get_by_role("heading", name="No stream yet")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "streams-empty.png")
    syncing = untouched.installation.begin("demo")
    expect(page.get_by_role("heading", name="demo")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Syncing").first).to_be_visible(timeout=15_000)
    page.screenshot(path=SCREENSHOTS / "streams-syncing.png", full_page=True)
    out, errors = syncing.communicate(timeout=60)
    assert syncing.returncode == 0, out + errors
    expect(page.locator("tbody tr:not(.part) .badge.synced")).to_have_count(5, timeout=15_000)
    expect(page.get_by_role("row", name=re.compile("Contacts"))).to_contain_text("500")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(("locale", "words"), [("en", "Records"), ("fr", "Enregistrements")])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_streams_and_diagnostic_in_every_form(
    running: Running, open_page, locale: str, words: str, width: int, *, dark: bool
) -> None:
    page = open_page(locale=locale, width=width, dark=dark)
    for name in ("connectors", "sources", "sources/demo", "streams", "diagnostic"):
        page.goto(f"{running.url}/{name}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        theme = "dark" if dark else "light"
        picture = SCREENSHOTS / f"{name.replace('/', '-')}-{locale}-{width}-{theme}.png"
        page.screenshot(path=picture, full_page=name != "diagnostic")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"{running.url}/streams")
    expect(page.get_by_role("columnheader", name=words)).to_be_visible()


@pytest.mark.usefixtures("demo")
def test_a_source_is_synced_paused_and_resumed_by_its_buttons(running: Running, open_page) -> None:
    page = open_page()
    page.goto(f"{running.url}/streams")
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_text("Syncing").first).to_be_visible(timeout=20_000)
    expect(page.locator("tbody tr:not(.part) .badge.synced")).to_have_count(5, timeout=30_000)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def brought_again(page: Page, installation: Installation) -> None:
    """A sync has moved the page since."""
    page.evaluate("window.before = document.querySelector('[data-events]').firstElementChild")
    installation.run("sync", "demo")
    page.wait_for_function("() => !window.before.isConnected", timeout=25_000)


@pytest.mark.usefixtures("demo")
def test_what_moves_by_itself_leaves_the_reader_where_they_were(running: Running, open_page) -> None:
    page = open_page(width=390)
    page.set_viewport_size({"width": 390, "height": 400})
    page.goto(f"{running.url}/streams")
    brought_again(page, running.installation)
    pause = page.get_by_role("button", name="Pause")
    pause.evaluate("button => button.focus({preventScroll: true})")
    page.evaluate("scrollTo(0, 150)")
    brought_again(page, running.installation)
    expect(pause).to_be_focused()
    assert page.evaluate("scrollY") == 150
    page.evaluate("getSelection().selectAllChildren(document.querySelector('[data-events] h2'))")
    page.evaluate("window.before = document.querySelector('[data-events]').firstElementChild")
    running.installation.run("sync", "demo")
    assert page.evaluate("getSelection().toString().trim()") == "demo", "what is selected waits"
    page.evaluate("getSelection().removeAllRanges()")
    page.wait_for_function("() => !window.before.isConnected")


@pytest.mark.usefixtures("demo")
def test_a_button_that_is_pressed_while_the_page_moves_is_pressed(running: Running, open_page) -> None:
    page = open_page()
    page.goto(f"{running.url}/streams")
    brought_again(page, running.installation)
    page.get_by_role("button", name="Pause").hover()
    page.mouse.down()
    running.installation.run("sync", "demo")
    page.mouse.up()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_the_language_switch_stays(running: Running, open_page) -> None:
    page = open_page()
    page.goto(f"{running.url}/streams")
    page.locator("summary", has_text="owner").click()
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_text("Fraîcheur")).to_be_visible()
    page.goto(f"{running.url}/diagnostic")
    expect(page.get_by_text("Problèmes en cours")).to_be_visible()


def test_without_a_session_there_is_only_the_login_page(running: Running, browser) -> None:
    page = browser.new_page()
    page.goto(f"{running.url}/streams")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.close()


def test_a_login_link_works_once(running: Running, browser) -> None:
    link = running.login_link()
    first, second = browser.new_context().new_page(), browser.new_context().new_page()
    first.goto(link)
    first.get_by_role("button", name="Log in without a password").click()
    expect(first.get_by_role("heading", level=1, name="Streams")).to_be_visible()
    second.goto(link)
    expect(second.get_by_text("used already")).to_be_visible()
