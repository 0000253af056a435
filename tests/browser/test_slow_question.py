"""A question to the spreadsheet that takes long: the reader is told, may stop it, and may ask again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.accessibility import serious_faults
from tests.browser.conftest import SCREENSHOTS, Running

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def table(running: Running, demo: None) -> str:
    return f"{running.url}/streams/demo/contacts"


@pytest.fixture
def asking(table: str, open_page: Open) -> tuple[Page, list[Route]]:
    """A table with its rows, and a search on its way whose answer is held back."""
    page = open_page()
    page.goto(table)
    expect(page.locator("#grid .tabulator-row").first).to_be_visible()
    held: list[Route] = []
    page.route(re.compile("/rows.*q="), lambda route: held.append(route))
    page.locator("#grid-search").fill("an")
    expect(page.locator("[data-slow]")).to_be_visible()
    return page, held


def test_a_slow_question_is_told_and_answered(asking: tuple[Page, list[Route]]) -> None:
    page, held = asking
    assert serious_faults(page) == []
    page.screenshot(path=SCREENSHOTS / "table-slow.png")
    held[0].continue_()
    expect(page.locator("[data-slow]")).to_be_hidden()
    expect(page.locator("#grid")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#grid-search")).to_be_focused()


def test_a_slow_question_is_stopped_by_keyboard_and_asked_again(asking: tuple[Page, list[Route]]) -> None:
    page, _ = asking
    before = page.locator("a.record-link").first.inner_text()
    with page.expect_event("requestfailed", lambda request: "/rows" in request.url):
        page.locator("[data-stop]").press("Enter")
    failed = page.locator("[data-failed]")
    expect(failed).to_be_visible()
    expect(page.locator("[data-slow]")).to_be_hidden()
    expect(page.locator("#grid")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("[data-retry]")).to_be_focused()
    assert page.locator("a.record-link").first.inner_text() == before, "what was there is still there"
    page.screenshot(path=SCREENSHOTS / "table-stopped.png")
    page.unroute(re.compile("/rows.*q="))
    with page.expect_response(re.compile("/rows.*q=an")):
        page.locator("[data-retry]").press("Enter")
    expect(failed).to_be_hidden()
    expect(page.locator("#grid .tabulator-tableholder")).to_be_focused()


def test_the_next_letter_replaces_a_question_that_is_still_on_its_way(asking: tuple[Page, list[Route]]) -> None:
    page, held = asking
    with page.expect_event("requestfailed", lambda request: request.url.endswith("q=an") or "q=an&" in request.url):
        page.keyboard.type("n")
    page.wait_for_function("() => location.search.includes('q=ann')")
    expect(page.locator("[data-failed]")).to_be_hidden()
    held[-1].continue_()
    expect(page.locator("#grid")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("[data-slow]")).to_be_hidden()
