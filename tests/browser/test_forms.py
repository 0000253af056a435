"""Forms in a real Chromium: sent once, and back at the field that was refused."""

from playwright.sync_api import Route, expect

from tests.browser.accessibility import serious_faults
from tests.browser.conftest import SCREENSHOTS, Running


def test_a_second_click_makes_no_second_key(running: Running, open_page) -> None:
    page = open_page()
    page.goto(f"{running.url}/settings/keys")
    held: list[Route] = []
    page.route("**/settings/keys", lambda route: held.append(route))
    page.get_by_label("Name").fill("once")
    with page.expect_request("**/settings/keys"):
        page.get_by_role("button", name="Make the key").evaluate(
            "button => new Promise((done) => { button.click(); setTimeout(() => { button.click(); done(); }, 300); })"
        )
    page.wait_for_timeout(300)
    assert [route.request.method for route in held] == ["POST"]
    held[0].continue_()
    expect(page.locator("[data-copied]")).to_be_visible()
    page.unroute("**/settings/keys")
    page.get_by_role("button", name="Revoke once").click()
    expect(page.get_by_text("The key is revoked.")).to_be_visible()


def test_a_refused_form_leads_to_its_field(running: Running, open_page) -> None:
    for locale, width, dark in (("en", 1440, False), ("fr", 390, True), ("fr", 1440, True), ("en", 390, False)):
        page = open_page(locale=locale, width=width, dark=dark, errors_expected=True)
        page.goto(f"{running.url}/settings/keys")
        page.locator("#name").fill("kept")
        page.get_by_role("checkbox").first.uncheck()
        page.locator("main button.primary").click()
        expect(page.locator("#scopes-error")).to_be_visible()
        expect(page.locator("#name")).to_have_value("kept")
        assert serious_faults(page) == []
        page.screenshot(path=SCREENSHOTS / f"settings-refused-key-{locale}-{width}.png", full_page=True)
        page.goto(f"{running.url}/settings/users")
        page.locator("#name").fill("owner")
        page.locator("#email").fill("kept@example.com")
        page.locator("main button.primary").click()
        expect(page.locator("#name")).to_be_focused()
        expect(page.locator("#name")).to_have_accessible_description(page.locator("#name-error").inner_text())
        expect(page.locator("#email")).to_have_value("kept@example.com")
        assert serious_faults(page) == []
        page.screenshot(path=SCREENSHOTS / f"settings-refused-user-{locale}-{width}.png", full_page=True)
