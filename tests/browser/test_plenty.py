"""Very long and very many: nothing leaves the screen of a phone, in either language, and nothing is cut."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from hubspot_simulator import DEFAULT_TOKEN, Events, Portal, PortalConfig
from ontologie.model.api_key import Scope
from ontologie.model.run import RunOptions
from ontologie.model.user import Role
from ontologie.services import api_keys, entities, notifications, people, runs, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from tests.browser.conftest import SCREENSHOTS, apart, log_in
from tests.browser.test_states import BLIND, PAGES, draft
from tests.lab import Lab

NAME = "groupe_de_distribution_internationale_sa"
"""As long as a source's may be."""
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LABEL = "motif_pour_lequel_le_responsable_de_secteur_a_demande_une_nouvelle_etude_de_faisabilite"
OTHERS = 29
SCREENS = (("phone", "en", 390), ("telephone", "fr", 390), ("bureau", "fr", 1440))


@pytest.fixture(scope="module")
def long_winded() -> tuple[Portal, int]:
    """With 400 properties of contacts, one of them with a long name, and a contact who has much to say."""
    made = Portal(
        PortalConfig(contacts=60, companies=20, deals=30, tickets=5, cars=0, contact_properties=400, search_per_s=50)
    )
    made.issue(BLIND, scopes=("oauth",))
    events = Events(made)
    events.add_property("contacts", LABEL)
    contact = events.create(
        "contacts",
        {
            "firstname": WORD,
            "lastname": WORD[::-1].capitalize(),
            "email": f"{WORD[:60].lower()}@{'exemple-' * 6}fr.example",
            "jobtitle": " ".join(["Responsable adjointe du suivi de la relation avec les adhérents"] * 8),
            LABEL: f"https://example.com/{'chemin-sans-fin/' * 120}",
        },
    )
    return made, contact


@pytest.fixture(scope="module")
def known(long_winded: tuple[Portal, int], browser: Browser) -> Iterator[dict[str, str]]:
    """The addresses of an installation with thirty sources, two hundred runs of one, and long names everywhere."""
    portal, contact = long_winded
    with apart(portal) as (running, server):
        context = browser.new_context()
        page = context.new_page()
        log_in(page, running)
        found = {"url": running.url, "address": "nowhere", "token": "none", "stream": "contacts"}
        found |= {"object_type": "contacts", "record_id": str(contact)} | dict.fromkeys(("name", "source_name"), NAME)
        lab = Lab(running.installation.home)
        lab.settings = {"database_url": server.url}
        api_url = f"http://127.0.0.1:{running.installation.environment['ONTOLOGIE_SIMULATOR_PORT']}"
        with ThreadPoolExecutor(1) as aside:  # the browser's loop runs in this thread
            found |= aside.submit(lab.within, lambda context: filled(context, api_url)).result()
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(MANY_RUNS, {"name": NAME})
        found["draft_id"] = draft(running, page, DEFAULT_TOKEN, tested=True, chosen=True)
        found["session"] = next(each["value"] for each in context.cookies() if each.get("name") == "session")
        context.close()
        yield found


MANY_RUNS = """
INSERT INTO ontologie.runs (source_id, status, trigger, created_at, started_at, ended_at)
SELECT id, (ARRAY['synced', 'partial', 'error', 'action_required', 'cancelled'])[1 + mod(number, 5)], 'schedule',
       now() - number * interval '7 minutes', now() - number * interval '7 minutes',
       now() - number * interval '7 minutes' + number * interval '1 second'
FROM ontologie.sources, generate_series(1, 200) AS number WHERE name = %(name)s
"""


async def filled(context: Context, api_url: str) -> dict[str, str]:
    """Sources, entities, people, keys and channels, with names as long as they may be."""
    for name in (NAME, *(f"filiale_{number:02}" for number in range(OTHERS))):
        token, streams = (DEFAULT_TOKEN, ("contacts", "companies", "deals")) if name == NAME else (BLIND, ("deals",))
        request = SourceRequest(
            name=name, connector="hubspot", token=token, api_url=api_url, streams=streams, frequency="manual"
        )
        await sources.add(context, request)
    source = await sources.find(context, NAME)
    await runs.sync_here(context, await sources.find(context, "filiale_00"), RunOptions(), lambda _: None)
    run = await runs.sync_here(context, source, RunOptions(check=True), lambda _: None)
    fed = {"contacts": [WORD[:80], "Client", "Prospect", "Adhérent"], "deals": ["Affaire"]}
    await entities.link(context, NAME, fed)
    await people.invite(context, name=WORD[:80], email=f"{WORD[:60].lower()}@example.com", role=Role.VIEWER)
    await api_keys.create(context, name=WORD[:80], scopes=list(Scope))
    await notifications.add_webhook(context, f"https://example.com/{'sans-fin/' * 60}", "fr")
    return {"run_id": str(run.id)}


@pytest.fixture(scope="module")
def screens(known: dict[str, str], browser: Browser) -> Iterator[dict[str, Page]]:
    """A phone in each language, and a desk."""
    found = {}
    for name, language, width in SCREENS:
        context = browser.new_context(
            locale=language, viewport={"width": width, "height": 900}, reduced_motion="reduce"
        )
        context.add_cookies([{"name": "session", "value": known["session"], "url": known["url"]}])
        found[name] = context.new_page()
    yield found
    for page in found.values():
        page.context.close()


NOT_WHOLE = """() => {
  const ways = ["auto", "scroll"];
  const scrolls = (one) => one && (ways.includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  const words = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const found = [];
  for (const one of document.querySelectorAll("body *:not(script, style, template, option)")) {
    if (!words(one) || !one.checkVisibility()) continue;
    if (one.closest(".visually-hidden, .skip, .cut, .chip-text, .tabulator, svg")) continue;
    const { left, right } = one.getBoundingClientRect();
    const inline = !one.clientWidth && one.parentElement.clientWidth;  // its words stand in its parent's box
    const sticks_out = inline && right > one.parentElement.getBoundingClientRect().right + 1;
    const outside = (right > innerWidth + 1 || left < -1) && !scrolls(one.parentElement);
    const too_long = one.clientWidth && one.scrollWidth > one.clientWidth + 1 && !scrolls(one);
    if (!outside && !too_long && (!sticks_out || scrolls(one.parentElement))) continue;
    found.push(`${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 60)}`);
  }
  return found;
}"""
"""Words that leave the screen where nothing scrolls them, or the box they stand in."""


@pytest.mark.parametrize("screen", [name for name, _, _ in SCREENS])
@pytest.mark.parametrize("route", sorted({shown.route for shown in PAGES}))
def test_nothing_leaves_the_screen(screens: dict[str, Page], known: dict[str, str], route: str, screen: str) -> None:
    page = screens[screen]
    page.goto(known["url"] + route.format_map(known))
    expect(page.locator(".picture .waiting, #grid[aria-busy]")).to_have_count(0)
    picture = re.sub(r"\W+", "-", route).strip("-")
    page.screenshot(path=SCREENSHOTS / f"plenty-{picture}-{screen}.png")
    assert page.evaluate(NOT_WHOLE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_run_of_a_table_is_found_behind_many_that_did_not_read_it(
    screens: dict[str, Page], known: dict[str, str]
) -> None:
    page = screens["phone"]
    page.goto(f"{known['url']}/streams/{NAME}/contacts/runs")
    expect(page.locator("tbody tr")).to_have_count(1)


def whole(page: Page, name: str) -> None:
    page.screenshot(path=SCREENSHOTS / f"plenty-{name}.png")
    assert page.evaluate(NOT_WHOLE) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


@pytest.mark.parametrize("screen", ["telephone", "bureau"])
def test_what_opens_over_a_table_is_whole(screens: dict[str, Page], known: dict[str, str], screen: str) -> None:
    page = screens[screen]
    page.goto(f"{known['url']}/streams/{NAME}/contacts")
    page.locator("a.record-link").first.click()
    expect(page.locator("#drawer .record-title")).to_be_visible()
    whole(page, f"drawer-{screen}")
    page.keyboard.press("Escape")
    page.locator("#choose-columns").click()
    whole(page, f"columns-{screen}")
    page.locator("#column-dialog [type=search]").fill("motif")
    expect(page.locator("#column-dialog label:visible")).to_have_count(1)
    whole(page, f"columns-long-{screen}")
    page.locator("#column-dialog label:visible").click()
    page.locator("#column-dialog .primary").click()
    named = page.locator("#grid .tabulator-range-row-header").first
    expect(named).not_to_have_css("background-color", "rgb(56, 118, 202)")  # Tabulator's own, on which the name is lost
    page.locator("#add-filter").click()
    page.locator("#filter-column").select_option(label=LABEL.replace("_", " ").capitalize())
    page.locator("#filter-operator").select_option("contains")
    whole(page, f"filter-{screen}")
    page.locator("#filter-dialog [data-values] input").first.fill("sans-fin")
    page.locator("#filter-dialog .primary").click()
    expect(page.locator("#grid .tabulator-row")).to_have_count(1)
    whole(page, f"filtered-{screen}")


@pytest.mark.parametrize("screen", ["telephone", "bureau"])
def test_what_opens_on_a_source_is_whole(screens: dict[str, Page], known: dict[str, str], screen: str) -> None:
    page = screens[screen]
    page.goto(f"{known['url']}/sources/{NAME}")
    page.locator("summary", has_text="Propriétés à exclure").first.click()
    expect(page.locator("#exclude-contacts li")).to_have_count(401)
    whole(page, f"exclusions-{screen}")
    page.locator("button[data-opens=removal]").click()
    expect(page.locator("#removal-body [type=radio]").first).to_be_visible()
    whole(page, f"removal-{screen}")
