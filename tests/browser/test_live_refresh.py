"""What a sync brings to an open page leaves the reader's hands alone: menus, scrolled places, half-typed words."""

import json
import re
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Running

pytestmark = pytest.mark.usefixtures("demo")


def brought_again(page: Page, running: Running) -> None:
    """A sync has moved the live part of the page since."""
    page.evaluate("() => { window.before = document.querySelector('[data-events]').firstElementChild; }")
    running.installation.run("sync", "demo")
    page.wait_for_function("() => !window.before.isConnected", timeout=25_000)


def styled(page: Page, rules: str) -> None:
    """Make room scarce: what is scrolled on a small screen is scrolled here."""
    page.evaluate(
        "rules => { const sheet = new CSSStyleSheet(); sheet.replaceSync(rules);"
        " document.adoptedStyleSheets = [sheet]; }",
        rules,
    )


@pytest.mark.parametrize("path", ["streams", "sources", "monitoring"])
def test_an_open_menu_stays_open_with_the_focus_in_it(running: Running, open_page, path: str) -> None:
    page = open_page()
    page.goto(f"{running.url}/{path}")
    page.locator("summary", has_text="owner").click()
    inside = page.get_by_role("button", name="Français")
    inside.focus()
    brought_again(page, running)
    expect(inside).to_be_visible()
    expect(inside).to_be_focused()


@pytest.mark.parametrize("path", ["streams", "sources"])
def test_a_table_that_is_scrolled_sideways_stays_so(running: Running, open_page, path: str) -> None:
    page = open_page(width=390)
    page.goto(f"{running.url}/{path}")
    styled(page, ".table { min-width: 900px; }")
    # In one go: an element that a locator has found may be replaced before it is scrolled.
    page.evaluate("() => { document.querySelector('.table-wrap').scrollLeft = 120; }")
    brought_again(page, running)
    assert page.evaluate("() => document.querySelector('.table-wrap').scrollLeft") == 120


def test_the_log_and_the_table_of_a_run_stay_where_they_are_scrolled(running: Running, open_page) -> None:
    simulator = re.findall(r"Simulated portal\s+(http\S+)", running.greeting)[0]
    page = open_page(width=390)
    page.goto(f"{running.url}/sources/demo")
    configure(simulator, latency_ms=1_500)
    try:
        page.get_by_role("button", name="Full check").click()
        page.goto(f"{running.url}/streams")
        page.get_by_role("link", name=re.compile(r"^Run \d+$")).click()
        expect(page.locator("ol.log li").nth(2)).to_be_visible(timeout=20_000)
        styled(page, ".log { max-height: 40px; } .table { min-width: 900px; }")
        page.evaluate(
            "() => { window.before = document.querySelector('ol.log'); window.before.scrollTop = 20;"
            " window.before.focus(); document.querySelector('[data-key=changes]').scrollLeft = 77; }"
        )
        page.wait_for_function("() => !window.before.isConnected", timeout=25_000)
        assert page.locator("ol.log").evaluate("one => one.scrollTop") == 20
        assert page.locator("[data-key=changes]").evaluate("one => one.scrollLeft") == 77
        expect(page.locator("ol.log")).to_be_focused()
        page.get_by_role("button", name="Stop this run").click()
        expect(page.get_by_text("Stopped", exact=True).first).to_be_visible(timeout=20_000)
    finally:
        configure(simulator, latency_ms=0)


def configure(simulator: str, **values: int) -> None:
    request = urllib.request.Request(f"{simulator}/_simulator/config", json.dumps(values).encode(), method="POST")
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


@pytest.fixture
def table(running: Running, open_page) -> Page:
    page: Page = open_page()
    page.goto(f"{running.url}/streams/demo/contacts")
    expect(page.locator("#grid .tabulator-row").first).to_be_visible()
    expect(page.locator("#freshness")).not_to_be_empty()
    return page


def rows_brought_again(page: Page, running: Running) -> None:
    """A sync has come to the open table: it asked for its rows again."""
    with page.expect_response(re.compile("/rows")):
        running.installation.run("sync", "demo")


def test_a_table_keeps_its_place_its_cell_and_an_open_menu(running: Running, table: Page) -> None:
    page = table
    body = page.locator("#grid .tabulator-tableholder")
    page.keyboard.press("ArrowDown")
    for key in ("PageDown", "PageDown", "ArrowRight"):
        page.keyboard.press(key)
    before = hand(page)
    page.locator("#export-menu > summary").click()
    scrolled = body.evaluate("one => one.scrollTop")
    assert scrolled > 300
    rows_brought_again(page, running)
    expect(page.get_by_role("link", name="Parquet")).to_be_visible()
    assert body.evaluate("one => one.scrollTop") == scrolled
    assert hand(page) == before


def hand(page: Page) -> Any:
    return page.evaluate(
        "() => { const range = Tabulator.findTable('#grid')[0].getRanges()[0];"
        " return [range.getRows()[0].getData()._record, range.getColumns()[0].getField()]; }"
    )


def test_a_half_made_choice_of_columns_and_a_half_typed_name_stay(running: Running, table: Page) -> None:
    page = table
    page.locator("#choose-columns").click()
    find = page.locator("#column-dialog input[type=search]")
    find.fill("phon")
    box = page.locator("#column-dialog label:not([hidden]) input").first
    ticked = box.is_checked()
    box.set_checked(not ticked)
    rows_brought_again(page, running)
    expect(find).to_have_value("phon")
    assert box.is_checked() is not ticked
    page.keyboard.press("Escape")
    page.locator("#view-menu > summary").click()
    page.locator("#save-view").click()
    page.keyboard.type("Half a na")
    rows_brought_again(page, running)
    page.keyboard.type("me")
    expect(page.locator("#view-name")).to_have_value("Half a name")
    expect(page.locator("#view-name")).to_be_focused()


def test_an_open_record_stays_open_where_it_is_scrolled(running: Running, table: Page) -> None:
    page = table
    page.locator("a.record-link").first.click()
    expect(page.locator("#drawer .record-title")).to_be_visible()
    page.locator("#drawer").evaluate("one => { one.scrollTop = 200; }")
    rows_brought_again(page, running)
    expect(page.locator("#drawer .record-title")).to_be_visible()
    assert page.locator("#drawer").evaluate("one => one.scrollTop") == 200
