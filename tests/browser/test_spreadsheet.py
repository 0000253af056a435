"""The source-linked spreadsheet in a real Chromium."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.accessibility import serious_faults
from tests.browser.conftest import SCREENSHOTS, Running

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def table(running: Running, demo: None) -> str:
    """The address of a source's tables, synced."""
    return f"{running.url}/streams/demo"


def rows(page: Page) -> int:
    return page.locator("#grid .tabulator-row").count()


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#grid .tabulator-row").first).to_be_visible()


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_a_table_in_every_form(table: str, open_page: Open, locale: str, width: int, *, dark: bool) -> None:
    page = open_page(locale=locale, width=width, dark=dark)
    theme = "dark" if dark else "light"
    opened(page, f"{table}/contacts")
    expect(page.locator("[data-count]")).to_have_text("500 records" if locale == "en" else "500 enregistrements")
    page.screenshot(path=SCREENSHOTS / f"table-{locale}-{width}-{theme}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("a.record-link").first.click()
    expect(page.locator("#drawer .record-title")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"record-drawer-{locale}-{width}-{theme}.png")


def test_a_name_that_is_markup_is_shown_as_it_is_written(table: str, open_page: Open) -> None:
    page = open_page()
    opened(page, f"{table}/contacts?q=script")
    page.locator("a.record-link", has_text="<script>alert(1)</script>").first.click()
    expect(page.locator("#drawer .record-title")).to_contain_text("<script>alert(1)</script>")
    assert page.locator("#drawer script, #grid script").count() == 0


@pytest.mark.parametrize("question", ["", "?sort=-createdate&cols=email,lastname&q=an", "?f=cut"])
def test_the_first_rows_are_asked_for_once(table: str, open_page: Open, question: str) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/rows?" in request.url else None)
    opened(page, f"{table}/contacts{question}")
    assert len(asked) == 1


def test_search_filter_and_sort_are_in_the_address_and_come_back_with_it(table: str, open_page: Open) -> None:
    page = open_page()
    opened(page, f"{table}/contacts")
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Column", exact=True).select_option(label="Lifecycle stage")
    page.get_by_role("checkbox", name="Lead", exact=True).check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Lifecycle stage is one of Lead")).to_be_visible()
    with page.expect_response(re.compile("sort=email")):
        page.locator("[role=columnheader]", has_text="Email").click()
    expect(page).to_have_url(re.compile("sort=email"))
    expect(page.locator("#grid")).not_to_have_attribute("aria-busy", "true")
    count = page.locator("[data-count]")
    expect(count).not_to_have_text("500 records")
    found, first = count.inner_text(), page.locator("a.record-link").first.inner_text()
    page.screenshot(path=SCREENSHOTS / "table-filtered.png")
    page.reload()
    expect(count).to_have_text(found)
    expect(page.locator("a.record-link").first).to_have_text(first)
    page.get_by_role("button", name=re.compile("Remove: Lifecycle")).click()
    expect(count).to_have_text("500 records")


def test_scrolling_brings_every_row(table: str, open_page: Open) -> None:
    page = open_page()
    opened(page, f"{table}/companies")
    page.wait_for_function(
        """() => {
            const holder = document.querySelector(".tabulator-tableholder");
            holder.scrollTop = holder.scrollHeight;
            return Tabulator.findTable("#grid")[0].getData().length >= 150;
        }""",
        polling=100,
    )
    assert page.evaluate("Tabulator.findTable('#grid')[0].getData().length") == 150


def test_links_lead_from_record_to_record_and_back(table: str, open_page: Open) -> None:
    page = open_page()
    opened(page, f"{table}/deals")
    page.locator("a.record-link").first.click()
    first = page.locator("#drawer .record-title").inner_text()
    page.locator("#drawer .linked a").first.click()
    expect(page.locator("#drawer .record-title")).not_to_have_text(first)
    page.go_back()
    expect(page.locator("#drawer .record-title")).to_have_text(first)


def test_a_record_is_a_page_without_javascript(table: str, open_page: Open, browser, session) -> None:
    page = open_page()
    opened(page, f"{table}/deals")
    address = page.locator("a.record-link").first.get_attribute("href")
    context = browser.new_context(java_script_enabled=False, storage_state=session)
    plain = context.new_page()
    plain.goto(table.split("/streams")[0] + str(address))
    expect(plain.locator("h1")).to_be_visible()
    expect(plain.get_by_role("heading", name="Linked records")).to_be_visible()
    plain.screenshot(path=SCREENSHOTS / "record-page.png", full_page=True)
    context.close()


def test_a_view_is_kept_and_opened_again(table: str, open_page: Open) -> None:
    page = open_page()
    opened(page, f"{table}/deals?sort=-amount")
    page.locator("#view-menu summary").click()
    page.get_by_role("button", name="Save this view").click()
    page.get_by_label("Name").fill("Biggest first")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile("sort=-amount"))
    opened(page, f"{table}/deals")
    page.locator("#view-menu summary").click()
    page.get_by_role("link", name="Biggest first").click()
    expect(page).to_have_url(re.compile("sort=-amount"))
    page.locator("#view-menu summary").click()
    page.screenshot(path=SCREENSHOTS / "table-views.png")
    page.get_by_role("button", name="Delete the view Biggest first").click()
    page.locator("#view-menu summary").click()
    expect(page.get_by_role("link", name="Biggest first")).to_have_count(0)


def test_every_column_at_once(table: str, open_page: Open) -> None:
    page = open_page()
    opened(page, f"{table}/contacts")
    page.get_by_role("button", name="Columns").click()
    page.screenshot(path=SCREENSHOTS / "table-columns.png")
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("[role=columnheader][tabulator-field=hs_object_id]")).to_have_count(1)
    # Until the rows have come with their columns the table goes back to its beginning.
    page.wait_for_function(
        "() => { document.querySelector('.tabulator-tableholder').scrollLeft = 4000;"
        " return !document.querySelector('.tabulator-row .tabulator-cell[tabulator-field=phone]'); }",
        polling=200,
    )
    expect(page.locator("a.record-link").first).to_be_in_viewport()
    page.screenshot(path=SCREENSHOTS / "table-wide.png")


def test_nothing_found_says_what_to_do(table: str, open_page: Open) -> None:
    page = open_page()
    page.goto(f"{table}/contacts?q=nobodyatall")
    heading = page.get_by_role("heading", name="Nothing matches")
    expect(heading).to_be_in_viewport()
    box = heading.bounding_box()
    assert box is not None
    assert 640 < box["x"] + box["width"] / 2 < 1030, "in the middle of what is seen"
    page.screenshot(path=SCREENSHOTS / "table-nothing.png")


def test_a_sync_shows_in_the_open_table(running: Running, table: str, open_page: Open) -> None:
    page = open_page()
    opened(page, f"{table}/contacts")
    page.evaluate("window.before = document.getElementById('freshness').textContent")
    running.installation.run("sync", "demo")
    page.wait_for_function("() => document.getElementById('freshness').textContent !== window.before", timeout=15_000)
    assert rows(page) > 5


@pytest.mark.parametrize(("width", "dark", "locale"), [(1440, False, "en"), (390, True, "fr")])
def test_pictures_schema_runs_and_rejected_values(
    table: str, open_page: Open, width: int, locale: str, *, dark: bool
) -> None:
    page = open_page(width=width, dark=dark, locale=locale)
    for name, path in (("insights", ""), ("schema", "/contacts/schema"), ("runs", "/contacts/runs"),
                       ("rejected", "/contacts/rejected")):  # fmt: skip
        page.goto(table + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".picture .loading")).to_have_count(0)
        page.screenshot(path=SCREENSHOTS / f"{name}-{locale}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert serious_faults(page) == []


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_no_serious_fault_in_the_table(table: str, open_page: Open, *, dark: bool) -> None:
    page = open_page(dark=dark)
    opened(page, f"{table}/contacts")
    assert serious_faults(page) == []
    page.get_by_role("button", name="Columns").click()
    assert serious_faults(page) == []
    page.keyboard.press("Escape")
    page.locator("a.record-link").first.click()
    expect(page.locator("#drawer .record-title")).to_be_visible()
    assert serious_faults(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    ground = "one => getComputedStyle(one).backgroundColor"
    opened_row = page.locator("#grid .tabulator-row").first.locator(".tabulator-cell")
    assert opened_row.nth(0).evaluate(ground) == opened_row.nth(2).evaluate(ground), "in our colours, not Tabulator's"


@pytest.mark.parametrize("kind", ["CSV", "Excel", "Parquet"])
def test_what_is_seen_is_exported(table: str, open_page: Open, kind: str) -> None:
    page = open_page()
    opened(page, f"{table}/contacts?q=script&sort=email")
    page.locator("#export-menu summary").click()
    with page.expect_download() as downloaded:
        page.get_by_role("link", name=kind).click()
    content = Path(downloaded.value.path()).read_bytes()
    assert len(content) > 100
    if kind == "CSV":
        lines = content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith('"id","Email",')
        assert len(lines) == 1 + rows(page)


def test_archived_rows_are_shown_instead_and_back(table: str, open_page: Open) -> None:
    page = open_page()
    opened(page, f"{table}/contacts")
    page.get_by_role("button", name="Archived").click()
    expect(page).to_have_url(re.compile("archived=1"))
    expect(page.get_by_text("No record of this table is archived")).to_be_visible()
    assert serious_faults(page) == []
    page.screenshot(path=SCREENSHOTS / "table-archived-none.png")
    page.reload()
    archived = page.get_by_role("button", name="Archived")
    expect(archived).to_have_attribute("aria-pressed", "true")
    archived.click()
    expect(page.locator("[data-count]")).to_have_text("500 records")


def test_a_saved_view_keeps_the_widths_of_its_columns(table: str, open_page: Open) -> None:
    page = open_page()
    opened(page, f"{table}/companies")
    column = page.locator("#grid .tabulator-col[tabulator-field=domain]")
    handle = page.locator("#grid .tabulator-col[tabulator-field=domain] + .tabulator-col-resize-handle")
    before = (column.bounding_box() or {})["width"]
    box = handle.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + 8, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("w=domain"))
    page.locator("#view-menu > summary").click()
    page.get_by_role("button", name="Save this view").click()
    page.locator("#view-name").fill("Wide domain")
    page.locator("#view-dialog").get_by_role("button", name="Save").click()
    page.goto(f"{table}/companies")
    page.locator("#view-menu > summary").click()
    page.get_by_role("link", name="Wide domain").click()
    expect(column).to_be_visible()
    assert (column.bounding_box() or {})["width"] > before + 40


def test_a_table_that_loads_has_no_serious_fault_either(table: str, open_page: Open) -> None:
    page = open_page()
    held: list[Route] = []
    page.route("**/contacts/rows?*", lambda route: held.append(route))
    page.goto(f"{table}/contacts")
    expect(page.locator("#grid")).to_have_attribute("aria-busy", "true")
    assert serious_faults(page) == []
    page.screenshot(path=SCREENSHOTS / "table-loading.png")
    page.unroute("**/contacts/rows?*")  # what was held goes on
    expect(page.locator("#grid .tabulator-row").first).to_be_visible()
    expect(page.locator("#grid")).not_to_have_attribute("aria-busy", "true")
