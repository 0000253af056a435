"""A viewer is offered nothing that a viewer may not do."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Running

PAGES = (
    "connectors", "sources", "sources/demo", "sources/demo/runs", "streams", "streams/demo", "streams/demo/contacts",
    "streams/demo/contacts/schema", "streams/demo/contacts/rejected", "streams/demo/contacts/runs", "monitoring",
    "diagnostic", "settings", "settings/api",
)  # fmt: skip
OF_ONESELF = re.compile(r"/(logout|preferences|settings/(profile|password|sessions/\d+/end))")
_OFFERED = """() => [...document.forms].filter((form) => form.method === "post").flatMap((form) =>
  [...form.elements].filter((one) => one.type === "submit" && !one.matches(":disabled"))
    .map((one) => one.getAttribute("formaction") ?? form.getAttribute("action")))"""
_OPEN_FIELDS = """() => [...document.querySelectorAll("main form[method=post]")].filter((form) =>
  ![...form.elements].some((one) => one.type === "submit")).flatMap((form) =>
  [...form.elements].filter((one) => one.type !== "hidden" && !one.matches("fieldset, :disabled"))
    .map((one) => one.name))"""


@pytest.fixture(scope="module")
def link(running: Running, demo: None, browser: Browser, session: dict[str, object]) -> str:
    context = browser.new_context(storage_state=session)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{running.url}/settings/users")
    page.locator("#name").fill("Vera")
    page.locator("#email").fill("vera@example.com")
    page.get_by_role("button", name="Make the link").click()
    found = page.locator("[data-copied]").inner_text()
    context.close()
    return found


def test_no_button_leads_to_a_refusal(running: Running, link: str, browser: Browser) -> None:
    page: Page = browser.new_context().new_page()
    page.goto(link)
    page.get_by_role("button", name="Log in without a password").click()
    expect(page.get_by_role("navigation", name="Live Data")).to_be_visible()
    refused: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(f"{running.url}/{path}")
        offered = [address for address in page.evaluate(_OFFERED) if not OF_ONESELF.fullmatch(address)]
        if found := offered + [f"field {name}" for name in page.evaluate(_OPEN_FIELDS)]:
            refused[path] = found
    page.context.close()
    assert refused == {}
