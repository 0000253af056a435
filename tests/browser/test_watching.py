"""Monitoring, runs, Diagnostic and Settings in a real Chromium: every form, empty, at work and in trouble."""

import json
import re
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from hubspot_simulator.config import ALL_READ_SCOPES
from tests.browser.accessibility import serious_faults
from tests.browser.conftest import SCREENSHOTS, Running

PAGES = (
    "monitoring", "runs/{run}", "sources/watched/runs", "diagnostic", "settings", "settings/users", "settings/keys",
    "settings/notifications", "settings/api",
)  # fmt: skip


def simulator(running: Running) -> str:
    return re.findall(r"Simulated portal\s+(http\S+)", running.greeting)[0]


def tell(running: Running, what: str, **values: object) -> None:
    """Change the simulated portal."""
    body = json.dumps(values).encode()
    request = urllib.request.Request(f"{simulator(running)}/_simulator/{what}", data=body, method="POST")
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def grant(running: Running, token: str, *, without: str = "") -> None:
    """A token of the simulated portal with all scopes but one."""
    tell(running, "tokens", token=token, scopes=[scope for scope in ALL_READ_SCOPES if scope != without])


@pytest.fixture(scope="module")
def watched(running: Running) -> Iterator[dict[str, str]]:
    """A synced source, and one whose token lacks a scope; gives the number of the first one's run."""
    grant(running, "pat-na1-lacking-tickets", without="tickets")
    run = running.installation.run
    for name, token in (("watched", None), ("lacking", "pat-na1-lacking-tickets")):
        run(
            "source", "add", "hubspot", "--name", name, "--token-env", "HUBSPOT_TOKEN", "--api-url",
            simulator(running), "--frequency", "manual", "--streams", "contacts,deals,tickets",
            **({"HUBSPOT_TOKEN": token} if token else {}),
        )  # fmt: skip
    run("sync", "watched", "--check")
    run("sync", "lacking", expect=4)
    run_id = json.loads(run("sync", "watched", "--check", "--json"))["run"]
    yield {"run": str(run_id)}
    for name in ("watched", "lacking"):
        run("source", "remove", name, "--with-data", "--yes")


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_in_every_form(running: Running, watched, open_page, locale: str, width: int, *, dark: bool) -> None:
    page = open_page(locale=locale, width=width, dark=dark)
    theme = "dark" if dark else "light"
    for name in PAGES:
        page.goto(f"{running.url}/{name.format(**watched)}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        picture = name.replace("/", "-").replace("runs-{run}", "run").replace("sources-watched-", "")
        page.screenshot(path=SCREENSHOTS / f"{picture}-{locale}-{width}-{theme}.png", full_page=name != "diagnostic")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_no_serious_fault(running: Running, watched, open_page, *, dark: bool) -> None:
    page = open_page(dark=dark)
    faults = {}
    for name in PAGES:
        page.goto(f"{running.url}/{name.format(**watched)}")
        if found := serious_faults(page):
            faults[name] = found
    assert faults == {}


def test_a_problem_names_what_is_missing_and_its_button_tries_again(running: Running, watched, open_page) -> None:
    page = open_page()
    page.goto(f"{running.url}/diagnostic")
    problem = page.locator("article", has_text="lacking").filter(has_text="HUBSPOT_SCOPE_MISSING")
    expect(problem.get_by_role("button", name="Reconnect the account")).to_be_visible()
    grant(running, "pat-na1-lacking-tickets")
    problem.get_by_role("button", name="Try again now").click()
    expect(page.get_by_text("Sync").first).to_be_visible()
    for _ in range(40):
        page.goto(f"{running.url}/diagnostic")
        if not problem.count():
            break
        page.wait_for_timeout(500)
    expect(problem).to_have_count(0)


def test_diagnoses_are_found_as_one_types(running: Running, watched, open_page) -> None:
    page = open_page()
    page.goto(f"{running.url}/diagnostic")
    box = page.get_by_role("searchbox")
    shown = page.locator("details[data-text]:not([hidden])")
    everything = shown.count()
    box.fill("quota daily")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("HUBSPOT_DAILY_QUOTA_REACHED")
    box.fill("unicorn")
    expect(page.get_by_text("No diagnosis holds these words")).to_be_visible()
    box.fill("")
    expect(shown).to_have_count(everything)


def test_a_key_is_shown_once_and_opens_the_api(running: Running, watched, open_page) -> None:
    page = open_page()
    page.goto(f"{running.url}/settings/keys")
    page.get_by_label("Name").fill("reporting")
    page.get_by_role("button", name="Make the key").click()
    key = page.locator("[data-copied]").inner_text()
    page.screenshot(path=SCREENSHOTS / "settings-key-made.png")
    request = urllib.request.Request(f"{running.url}/api/v1/sources", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request) as answer:
        assert {"watched", "lacking"} <= {source["name"] for source in json.load(answer)["data"]}
    page.get_by_role("button", name="Revoke reporting").click()
    expect(page.get_by_text("The key is revoked.")).to_be_visible()


def test_an_invited_viewer_sets_a_password_and_sees_without_changing(
    running: Running, watched, open_page, browser
) -> None:
    page = open_page()
    page.goto(f"{running.url}/settings/users")
    page.get_by_label("Name").fill("Zoé <b>Martin</b>")
    page.get_by_label("E-mail address").fill("zoe@example.com")
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("[data-copied]").inner_text()
    page.screenshot(path=SCREENSHOTS / "settings-user-invited.png", full_page=True)
    assert serious_faults(page) == []
    guest = browser.new_context().new_page()
    guest.goto(link)
    guest.screenshot(path=SCREENSHOTS / "login-link.png")
    assert serious_faults(guest) == []
    log_in_twice(guest, running)
    guest.context.close()
    page.get_by_role("button", name="Remove Zoé").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The user is removed.")).to_be_visible()


def log_in_twice(guest: Page, running: Running) -> None:
    """With the link, setting a password, and then with it."""
    guest.get_by_label("New password").fill("un cheval, une batterie")
    guest.get_by_role("button", name="Save and log in").click()
    see_as_a_viewer(guest, running)
    guest.context.clear_cookies()
    guest.goto(f"{running.url}/login")
    guest.screenshot(path=SCREENSHOTS / "login.png")
    assert serious_faults(guest) == []
    guest.get_by_label("E-mail address or name").fill("zoe@example.com")
    guest.get_by_label("Password").fill("un cheval, une batterie")
    guest.get_by_role("button", name="Log in").click()
    expect(guest.get_by_role("navigation", name="Live Data")).to_be_visible()


def see_as_a_viewer(guest: Page, running: Running) -> None:
    """Everything is there to see, nothing to change."""
    guest.goto(f"{running.url}/streams")
    expect(guest.get_by_role("button", name="Sync now")).to_have_count(0)
    guest.goto(f"{running.url}/settings")
    expect(guest.get_by_role("link", name="Users")).to_have_count(0)
    guest.goto(f"{running.url}/settings/users")
    expect(guest.get_by_role("heading", level=1)).to_contain_text("needs the role admin")
    guest.screenshot(path=SCREENSHOTS / "settings-refused.png")


def test_a_run_is_watched_live_and_stopped(running: Running, watched, open_page) -> None:
    page = open_page()
    page.goto(f"{running.url}/sources/watched")
    tell(running, "config", latency_ms=4_000)
    try:
        page.get_by_role("button", name="Full check").click()
        page.goto(f"{running.url}/streams")
        page.get_by_role("link", name=re.compile(r"^Run \d+$")).click()
        expect(page.get_by_text("Running")).to_be_visible(timeout=15_000)
        expect(page.get_by_text("Reading begins.").first).to_be_visible(timeout=15_000)
        page.screenshot(path=SCREENSHOTS / "run-running.png", full_page=True)
        assert serious_faults(page) == []
        page.get_by_role("button", name="Stop this run").click()
        expect(page.get_by_text("The run ends within two seconds")).to_be_visible()
        expect(page.get_by_text("Stopped", exact=True).first).to_be_visible(timeout=15_000)
        expect(page.get_by_text("The run ended: Stopped.")).to_be_visible(timeout=15_000)
    finally:
        tell(running, "config", latency_ms=0)
