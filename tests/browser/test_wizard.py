"""The whole way from the empty catalogue to Synced, on the simulated portal, in both languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

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
    expect(page.get_by_text(words["works"])).to_be_visible(timeout=10_000)
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
