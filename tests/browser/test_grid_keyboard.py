"""The spreadsheet without a mouse: every way in, through and out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Running

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def table(running: Running, demo: None) -> str:
    return f"{running.url}/streams/demo"


@pytest.fixture
def deals(table: str, open_page: Open) -> Page:
    page = open_page()
    page.goto(f"{table}/deals")
    expect(page.locator("#grid .tabulator-row").first).to_be_visible()
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def at_hand(page: Page) -> Any:
    """The row's number and the column of the cell that the arrows have come to."""
    return page.evaluate(
        "() => { const range = Tabulator.findTable('#grid')[0].getRanges()[0];"
        " return [range.getRows()[0].getPosition(), range.getColumns()[0].getField()]; }"
    )


def grid(page: Page) -> Any:
    return page.locator("#grid .tabulator-tableholder")


def tab_to(page: Page, target: Any) -> None:
    for _ in range(60):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {target}")


def test_a_page_begins_at_its_beginning_and_tab_leads_through_the_table_and_out(deals: Page) -> None:
    page = deals
    expect(page.locator("body")).to_be_focused()
    tab_to(page, grid(page))
    press(page, "Tab")
    expect(grid(page)).not_to_be_focused()
    assert page.evaluate("!document.getElementById('grid').contains(document.activeElement)")
    press(page, "Shift+Tab")
    expect(grid(page)).to_be_focused()
    press(page, "Shift+Tab")
    expect(page.locator(".name-sort")).to_be_focused()


def test_what_is_typed_stays_in_the_search_field_while_rows_come(deals: Page) -> None:
    page = deals
    press(page, "/")
    for word in ("up", "se"):
        with page.expect_response(re.compile("/rows")):
            page.keyboard.type(word)
        expect(page.locator("#grid")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#grid-search")).to_have_value("upse")
    expect(page.locator("#grid-search")).to_be_focused()


def test_arrows_and_jumps_move_the_cell_at_hand(deals: Page) -> None:
    page = deals
    press(page, "ArrowDown")  # from the page into the table
    expect(grid(page)).to_be_focused()
    first = at_hand(page)
    assert first[0] == 1
    press(page, "ArrowDown", "ArrowDown", "ArrowRight")
    row, column = at_hand(page)
    assert (row, column != first[1]) == (3, True)
    expect(page.locator("#grid-said")).to_contain_text(page.locator("a.record-link").nth(2).inner_text())
    press(page, "Home")
    assert at_hand(page) == [3, first[1]]
    press(page, "PageDown")
    further = at_hand(page)[0]
    assert further > 10
    press(page, "PageUp")
    assert at_hand(page) == [3, first[1]]
    press(page, "End")
    assert at_hand(page)[0] == 3
    assert at_hand(page)[1] != first[1]
    press(page, "Control+Home")
    assert at_hand(page) == first


def test_the_cell_at_hand_stays_while_the_next_page_comes(deals: Page) -> None:
    page = deals
    press(page, "ArrowDown", "ArrowDown", "ArrowRight")
    before = at_hand(page)
    page.evaluate("Tabulator.findTable('#grid')[0].on('dataProcessed', () => { window.processed = true; })")
    with page.expect_response(re.compile("after=")):
        grid(page).evaluate("one => { one.scrollTop = one.scrollHeight; }")
    page.wait_for_function("() => window.processed")
    assert at_hand(page) == before
    press(page, "Control+End")
    assert at_hand(page)[0] > 100


def test_enter_opens_the_record_and_escape_comes_back_to_its_cell(deals: Page) -> None:
    page = deals
    before = page.url
    press(page, "ArrowDown", "ArrowDown", "ArrowRight")
    there = at_hand(page)
    press(page, "Enter")
    title = page.locator("#drawer .record-title")
    expect(title).to_have_text(page.locator("a.record-link").nth(there[0] - 1).inner_text())
    expect(title).to_be_focused()
    press(page, "Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page).to_have_url(before)
    expect(grid(page)).to_be_focused()
    assert at_hand(page) == there
    press(page, "ArrowDown")
    assert at_hand(page)[0] == there[0] + 1


def test_s_sorts_by_the_column_at_hand_and_again_the_other_way(deals: Page) -> None:
    page = deals
    press(page, "ArrowDown")
    for _ in range(20):
        if at_hand(page)[1] == "amount":
            break
        press(page, "ArrowRight")
    header = page.locator("[role=columnheader][tabulator-field=amount]")
    for way, address in (("ascending", "sort=amount"), ("descending", "sort=-amount")):
        press(page, "s")
        expect(header).to_have_attribute("aria-sort", way)
        expect(page).to_have_url(re.compile(address))
        expect(page.locator("#grid")).not_to_have_attribute("aria-busy", "true")
        expect(grid(page)).to_be_focused()


def test_the_name_is_sorted_by_its_button(deals: Page) -> None:
    page = deals
    tab_to(page, page.locator(".name-sort"))
    with page.expect_response(re.compile("sort=")):
        press(page, "Enter")
    expect(page.locator(".name-sort")).to_have_attribute("data-sort", "ascending")


def test_columns_are_chosen(deals: Page) -> None:
    page = deals
    button = page.locator("#choose-columns")
    tab_to(page, button)
    press(page, "Enter")
    expect(page.locator("#column-dialog input[type=search]")).to_be_focused()
    press(page, "Escape")
    expect(button).to_be_focused()
    press(page, "Enter")
    page.keyboard.type("close date")
    box = page.locator("#column-dialog label:not([hidden]) input").first
    name = box.get_attribute("value")
    ticked = box.is_checked()
    tab_to(page, box)
    press(page, "Space", "Enter")
    expect(page.locator("#column-dialog")).to_be_hidden()
    expect(button).to_be_focused()
    expect(page.locator(f"[role=columnheader][tabulator-field={name}]")).to_have_count(0 if ticked else 1)


def test_a_filter_is_made_and_taken_away(deals: Page) -> None:
    page = deals
    tab_to(page, page.locator("#add-filter"))
    press(page, "Enter")
    page.locator("#filter-column").focus()
    page.keyboard.type("Amount")
    tab_to(page, page.locator("#filter-dialog [name=value]"))
    page.keyboard.type("1000")
    press(page, "Enter")
    chip = page.locator("#chips .chip")
    expect(chip).to_have_count(1)
    tab_to(page, chip.locator(".chip-close"))
    press(page, "Enter")
    expect(chip).to_have_count(0)
    expect(page.locator("#add-filter")).to_be_focused()


def test_a_view_is_saved_opened_and_deleted(deals: Page) -> None:
    page = deals
    menu = page.locator("#view-menu > summary")
    tab_to(page, menu)
    press(page, "Enter")
    tab_to(page, page.locator("#save-view"))
    press(page, "Escape")
    expect(menu).to_be_focused()
    expect(page.locator("#view-menu")).not_to_have_attribute("open", "")
    press(page, "Enter")
    tab_to(page, page.locator("#save-view"))
    press(page, "Enter")
    expect(page.locator("#view-name")).to_be_focused()
    press(page, "Escape")
    expect(menu).to_be_focused()
    press(page, "Enter")
    tab_to(page, page.locator("#save-view"))
    press(page, "Enter")
    page.keyboard.type("By keyboard")
    with page.expect_navigation():
        press(page, "Enter")
    expect(page.locator("#grid .tabulator-row").first).to_be_visible()
    for label, role in (("By keyboard", "link"), ("Delete the view By keyboard", "button")):
        tab_to(page, menu)
        press(page, "Enter")
        tab_to(page, page.get_by_role(role, name=label, exact=True))
        with page.expect_navigation():
            press(page, "Enter")
        expect(page.locator("#grid .tabulator-row").first).to_be_visible()
    expect(page.locator("#view-menu .menu-row")).to_have_count(0)


def test_a_file_is_taken_from_the_export_menu(deals: Page) -> None:
    page = deals
    menu = page.locator("#export-menu > summary")
    tab_to(page, menu)
    press(page, "Enter")
    tab_to(page, page.locator("#export-menu a").first)
    with page.expect_download():
        press(page, "Enter")
    press(page, "Escape")
    expect(menu).to_be_focused()
    expect(page.locator("#export-menu")).not_to_have_attribute("open", "")
