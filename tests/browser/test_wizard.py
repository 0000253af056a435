"""The whole way from the empty catalogue to Synced, on the simulated portal, in both languages."""

import json
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SCREENSHOTS, Running

_WORDS = {
    "en": {
        "try": "Try it on the simulated portal", "test": "Test the connection", "works": "Connection works",
        "yes": "Yes, this account", "go": "Continue", "link": "Link and start the first sync",
        "out": "Properties to leave out", "find": "Find a property",
    },
    "fr": {
        "try": "Essayer sur le portail simulé", "test": "Tester la connexion", "works": "Connexion établie",
        "yes": "Oui, ce compte", "go": "Continuer", "link": "Lier et lancer la première synchronisation",
        "out": "Propriétés à exclure", "find": "Chercher une propriété",
    },
}  # fmt: skip


def to_streams(page: Page, running: Running, words: dict[str, str], picture: Callable[[str], None]) -> None:
    """By token, from the catalogue to the third step."""
    page.goto(f"{running.url}/connectors")
    picture("connectors")
    page.get_by_role("button", name=words["try"]).click()
    picture("1-credentials")
    page.get_by_role("button", name=words["test"]).click()
    expect(page.get_by_text(words["works"])).to_be_visible(timeout=20_000)
    picture("2-test")
    page.get_by_role("link", name=words["yes"]).click()


@pytest.mark.parametrize(("locale", "width", "dark"), [("en", 1440, False), ("fr", 390, True)])
def test_from_the_catalogue_to_synced(running: Running, open_page, locale: str, width: int, *, dark: bool) -> None:
    words = _WORDS[locale]
    page = open_page(locale=locale, width=width, dark=dark)

    def picture(name: str) -> None:
        page.screenshot(path=SCREENSHOTS / f"wizard-{name}-{locale}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    to_streams(page, running, words, picture)
    name = f"acme-{locale}"
    page.locator("#name").fill(name)
    page.locator("summary", has_text=words["out"]).first.click()
    page.get_by_label(words["find"]).fill("jobtitle")
    page.locator("li:not([hidden]) > label.pick").first.click()
    picture("3-streams")
    page.get_by_role("button", name=words["go"]).click()
    page.locator("input[name=new-contacts]").fill("Client")
    picture("4-entity")
    page.get_by_role("button", name=words["link"]).click()
    expect(page).to_have_url(re.compile("/streams$"))
    card = page.locator("section.card", has=page.get_by_role("heading", name=name))
    picture("5-landed")
    expect(card.locator("tbody tr:not(.part) .badge.synced")).to_have_count(5, timeout=60_000)
    expect(card.get_by_text("Client")).to_be_visible()
    columns = running.installation.run(
        "sql", f"select column_name from information_schema.columns where table_schema = 'hubspot_acme_{locale}'"
    ).split()
    assert "jobtitle" not in columns
    assert "email" in columns
    running.installation.run("source", "remove", name, "--with-data", "--yes")


def begin(page: Page, running: Running) -> None:
    page.goto(f"{running.url}/connectors")
    page.get_by_role("button", name="Try it on the simulated portal").click()


def give(page: Page, token: str) -> None:
    page.locator("#token").fill(token)
    page.get_by_role("button", name="Test the connection").click()


def test_wrong_tokens_are_told_with_what_to_do(running: Running, open_page) -> None:
    page = open_page(errors_expected=True)
    begin(page, running)
    give(page, "short")
    expect(page.locator("#token")).to_have_attribute("aria-invalid", "true")
    give(page, "pat-eu1-00000000-0000-4000-8000-00000000dead")
    expect(page.get_by_text("Test failed")).to_be_visible(timeout=20_000)
    expect(page.locator("ol.numbered li").first).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "wizard-2-test-failed.png", full_page=True)
    page.get_by_role("link", name="Other credentials").click()
    expect(page.locator("#token")).to_be_visible()
    page.get_by_role("button", name="Discard").click()


def test_locked_streams_name_their_scope_and_the_way_back_is_kept(running: Running, open_page) -> None:
    portal = re.findall(r"Simulated portal\s+(http\S+)", running.greeting)[0]
    token = "pat-eu1-00000000-0000-4000-8000-000000005c0e"
    scopes = ["oauth", "crm.objects.contacts.read", "crm.objects.companies.read"]
    body = json.dumps({"token": token, "scopes": scopes}).encode()
    request = urllib.request.Request(f"{portal}/_simulator/tokens", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    page = open_page(errors_expected=True)
    begin(page, running)
    give(page, token)
    page.get_by_role("link", name="Yes, this account").click(timeout=20_000)
    locked = page.locator("li", has=page.locator(".pick-stream.locked", has_text="Deals"))
    expect(locked.get_by_text("crm.objects.deals.read").first).to_be_visible()
    expect(page.get_by_label("Contacts", exact=False).first).to_be_checked()
    page.screenshot(path=SCREENSHOTS / "wizard-3-locked.png", full_page=True)
    page.locator("#name").fill("Not a name")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#name")).to_have_attribute("aria-invalid", "true")
    page.locator("#name").fill("half-way")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Which entities do they feed?")).to_be_visible()
    page.go_back()
    expect(page.locator("#name")).to_be_visible()
    draft = page.url.split("/connect/")[1].split("/")[0]
    page.goto(f"{running.url}/connectors")
    page.locator(f"a[href='/connect/{draft}']").click()
    expect(page.get_by_text("Which entities do they feed?")).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("is forgotten, with its credentials")).to_be_visible()


def test_properties_opened_before_the_scripts_have_come_are_listed_all_the_same(running: Running, open_page) -> None:
    page = open_page()
    begin(page, running)
    page.get_by_role("button", name="Test the connection").click()
    page.get_by_role("link", name="Yes, this account").click(timeout=20_000)
    expect(page.locator("#name")).to_be_visible()
    held: list[Route] = []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/properties/" in request.url else None)
    page.route("**/htmx.min.js", lambda route: held.append(route))
    page.goto(page.url, wait_until="commit")
    page.locator("summary", has_text="Properties to leave out").first.click()
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.get_by_label("Find a property").fill("jobtitle")
    expect(page.locator("#exclude-contacts li:not([hidden])")).to_have_count(1)
    assert len(asked) == 1  # and those that stay closed are not fetched
    page.get_by_role("button", name="Discard").click()


def test_properties_that_could_not_be_fetched_say_so_and_are_asked_for_again(running: Running, open_page) -> None:
    page = open_page(errors_expected=True)
    begin(page, running)
    page.get_by_role("button", name="Test the connection").click()
    page.get_by_role("link", name="Yes, this account").click(timeout=20_000)
    page.route("**/properties/contacts", lambda route: route.fulfill(status=503, body="<p>Not now.</p>"), times=1)
    summary = page.locator("summary", has_text="Properties to leave out").first
    summary.click()
    part = page.locator("#exclude-contacts")
    expect(part.get_by_text("The server did not answer.")).to_be_visible()
    expect(part.get_by_text("Not now.")).to_have_count(0)
    part.get_by_role("button", name="Try again").click()
    expect(page.get_by_label("Find a property")).to_be_visible()
    page.get_by_role("button", name="Discard").click()
