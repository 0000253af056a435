"""Every page where there is nothing to show, while it is awaited, and when it cannot come: no page is left out."""

import contextlib
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from psycopg import sql

from hubspot_simulator import DEFAULT_TOKEN, Portal, PortalConfig
from ontologie.model.run import RunOptions
from ontologie.services import runs, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from ontologie.web.pages import ROUTES
from tests.browser.conftest import SCREENSHOTS, Running, apart, expected, log_in
from tests.lab import Lab
from tests.other_servers import External

BLIND = "pat-eu1-00000000-0000-4000-8000-00000000b11d"
"""A token that may read the account and none of its records."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page, by its route. ``source`` and ``draft`` say which of them it is looked at; see ``known``."""

    route: str
    says: str
    """With as little to show as there can be."""
    source: str = "bare"
    draft: str = "fresh"
    lacks: str = "sources"
    """The table of ours without which it breaks; none: nothing can break it."""


BEFORE = (
    Shown(route="/sources", says="No source yet"),
    Shown(route="/streams", says="No stream yet"),
    Shown(route="/monitoring", says="Nothing to watch yet"),
    Shown(route="/diagnostic", says="No problem"),
    Shown(route="/settings", says="this browser", lacks="sessions"),
    Shown(route="/settings/users", says="Invite", lacks="login_links"),
    Shown(route="/settings/keys", says="No API key yet", lacks="api_keys"),
    Shown(route="/settings/notifications", says="Nobody is told yet", lacks="notification_channels"),
    Shown(route="/settings/api", says="/api/v1/sources", lacks="notices"),
    Shown(route="/login", says="Log in", lacks=""),
    Shown(route="/login/{token}", says="This link was used already or has expired.", lacks="login_links"),
    Shown(route="/oauth/callback", says="Authorization", lacks="authorizations"),
    Shown(route="/{address}", says="This page does not exist.", lacks="sessions"),
)
"""Before anything is connected."""
AFTER = (
    Shown(route="/connectors", says="Not finished"),
    Shown(route="/connect/{draft_id}/credentials", says="Test the connection", lacks="source_drafts"),
    Shown(route="/connect/{draft_id}/test", says="Locked", draft="blind", lacks="source_drafts"),
    Shown(
        route="/connect/{draft_id}/streams",
        says="This account lets us read none of the streams",
        draft="blind",
        lacks="source_drafts",
    ),
    Shown(route="/connect/{draft_id}/entity", says="Which entities do they feed?", draft="chosen", lacks="entities"),
    Shown(route="/sources/{name}", says="Pending"),
    Shown(route="/sources/{name}/runs", says="No run yet", lacks="runs"),
    Shown(route="/runs/{run_id}", says="Nothing has begun yet: the run waits for its turn.", lacks="run_events"),
    Shown(route="/streams/{source_name}", says="There are no deals in this source."),
    Shown(route="/streams/{source_name}/{stream}", says="Nothing here yet"),
    Shown(route="/streams/{source_name}/{object_type}/schema", says="Nothing here yet"),
    Shown(route="/streams/{source_name}/{object_type}/runs", says="No run yet", lacks="runs"),
    Shown(route="/streams/{source_name}/{object_type}/rejected", says="Nothing here yet"),
    Shown(route="/streams/{source_name}/{object_type}/records/{record_id}", says="This page does not exist."),
)
"""With a source that was never synced."""
SYNCED = (
    Shown(route="/streams/{source_name}/{object_type}/schema", says="Nothing since the first sync.", source="full"),
    Shown(route="/streams/{source_name}/{object_type}/rejected", says="Every value fits", source="full"),
)
PAGES = (*BEFORE, *AFTER, *SYNCED)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a page asks for when it is there already: where it comes, and what is there before, instead and after."""

    route: str
    on: str
    place: str
    asked_by: Callable[[Page], object] | None = None
    """None: the page itself."""
    waits: str = "Loading…"
    fails: str = "Something went wrong on our side."
    again: bool = True
    """There is a button; else a reload brings it."""
    brings: str
    source: str = "full"
    draft: str = "tested"
    lacks: str = "sources"


def leave_out(page: Page) -> None:
    page.locator("summary", has_text="Properties to leave out").first.click()


PARTS = (
    Part(
        route="/streams/{source_name}/pictures/{picture}",
        on="/streams/{source_name}",
        place=".picture [data-part]",
        waits="Counting…",
        brings="in this source|The numbers|%|deal",
    ),
    Part(
        route="/frequency",
        on="/sources/{name}",
        place="#frequency-preview",
        asked_by=lambda page: page.locator("#frequency").select_option("cron"),
        brings="At 06:00",
        lacks="sessions",
    ),
    Part(
        route="/sources/{name}/properties/{object_type}",
        on="/sources/{name}",
        place="#exclude-contacts",
        asked_by=leave_out,
        brings="Email",
    ),
    Part(
        route="/sources/{name}/own-streams",
        on="/sources/{name}",
        place=".own-streams [data-part]",
        asked_by=lambda page: page.locator(".own-streams").scroll_into_view_if_needed(),
        waits="Asking HubSpot which ones there are",
        brings="Voitures",
    ),
    Part(
        route="/sources/{name}/remove",
        on="/sources/{name}",
        place="#removal-body",
        asked_by=lambda page: page.get_by_role("button", name="Remove").click(),
        brings="There are no rows yet.",
        source="bare",
    ),
    Part(
        route="/connect/{draft_id}/test",
        on="/connect/{draft_id}/test",
        place="#test",
        waits="Asking HubSpot whose account it is",
        brings="Connection works",
        draft="untested",
        lacks="source_drafts",
    ),
    Part(
        route="/connect/{draft_id}/properties/{object_type}",
        on="/connect/{draft_id}/streams",
        place="#exclude-contacts",
        asked_by=leave_out,
        brings="Email",
        lacks="source_drafts",
    ),
    Part(
        route="/streams/{source_name}/{object_type}/rows",
        on="/streams/{source_name}/{stream}",
        place="main",
        waits="Still searching…",
        brings="@",
    ),
    Part(
        route="/streams/{source_name}/{object_type}/count",
        on="/streams/{source_name}/{stream}",
        place="[data-count]",
        waits="Counting…",
        fails="Not counted",
        again=False,
        brings="30 records",
    ),
    Part(
        route="/streams/{source_name}/{object_type}/records/{record_id}",
        on="/streams/{source_name}/{stream}",
        place="#drawer",
        asked_by=lambda page: page.locator("a.record-link").first.click(),
        brings="Properties",
    ),
)
LEAD_ELSEWHERE = {"/", "/connect/{draft_id}", "/oauth/start/{draft_id}"}
A_FILE = {"/streams/{source_name}/{object_type}/export/{kind}"}
LIVE = {
    "/sources/events": "/sources",
    "/streams/events": "/streams",
    "/monitoring/events": "/monitoring",
    "/runs/{run_id}/events": "/runs/{run_id}",
    "/streams/{source_name}/{object_type}/events": "/streams/{source_name}/{stream}",
}
"""What keeps a page true while it is open."""


def test_no_page_and_no_part_is_left_out() -> None:
    asked = {
        re.sub(r":\w+}", "}", path) for route in ROUTES if "GET" in route.http_methods for path in route.paths
    }  # fmt: skip
    assert asked == {
        *(page.route for page in PAGES),
        *(part.route for part in PARTS if part.route != "/connect/{draft_id}/test"),
        *LIVE,
        *LEAD_ELSEWHERE,
        *A_FILE,
    }


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The installation, its own database server, and somebody who looks at the pages."""

    running: Running
    server: External
    page: Page
    said: list[str]
    """What the console said, of answers apart that are no success."""
    known: dict[str, str]

    def address(self, shown: Shown | Part, route: str = "") -> str:
        """Of the page, or of another route with the same source."""
        named = dict.fromkeys(("name", "source_name"), shown.source)
        draft = self.known.get(shown.draft, "")
        return self.running.url + (route or shown.route).format_map({**self.known, **named, "draft_id": draft})

    @contextlib.contextmanager
    def without(self, table: str) -> Iterator[None]:
        """A table of ours is gone: what needs it breaks."""
        away = table + "_away"
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            rename = sql.SQL("ALTER TABLE ontologie.{} RENAME TO {}")
            connection.execute(rename.format(*map(sql.Identifier, (table, away))))
            try:
                yield
            finally:
                connection.execute(rename.format(*map(sql.Identifier, (away, table))))

    def picture(self, name: str, *, full_page: bool = True) -> None:
        """At a desk by day and on a phone by night."""
        name = re.sub(r"\W+", "-", name).strip("-") or "start"
        for width, scheme in ((390, "dark"), (1440, "light")):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            self.page.evaluate("new Promise(shown => requestAnimationFrame(() => requestAnimationFrame(shown)))")
            self.page.screenshot(path=SCREENSHOTS / f"state-{name}-{width}.png", full_page=full_page)
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture(scope="module")
def looked_at(browser: Browser) -> Iterator[Stage]:
    portal = Portal(PortalConfig(contacts=30, companies=0, deals=5, tickets=0, search_per_s=50, odd_numbers=False))
    portal.issue(BLIND, scopes=("oauth",))
    with apart(portal) as (running, server):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page, said = context.new_page(), list[str]()
        page.on(
            "console", lambda message: None if expected(message, errors_expected=True) else said.append(message.text)
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        log_in(page, running)
        known = {"address": "nowhere", "token": "none", "record_id": "1", "kind": "csv", "run_id": "0"}
        known |= dict.fromkeys(("stream", "object_type"), "contacts")
        yield Stage(running=running, server=server, page=page, said=said, known=known)
        context.close()


@pytest.fixture
def stage(looked_at: Stage) -> Iterator[Stage]:
    yield looked_at
    said = looked_at.said.copy()
    looked_at.said.clear()
    assert said == []


@pytest.fixture
def connected(stage: Stage, sources_and_drafts: None) -> Stage:
    """With sources."""
    return stage


@pytest.fixture(scope="module")
def sources_and_drafts(looked_at: Stage) -> None:
    """Three sources: one never synced, one whose run waits for a worker, one synced; and drafts at every step."""

    async def work(context: Context) -> int:
        for name in ("bare", "waiting", "full"):
            url = f"http://127.0.0.1:{looked_at.running.installation.environment['ONTOLOGIE_SIMULATOR_PORT']}"
            request = SourceRequest(
                name=name,
                connector="hubspot",
                token=DEFAULT_TOKEN,
                api_url=url,
                streams=("contacts", "deals"),
                frequency="manual",
            )
            await sources.add(context, request)
        await runs.sync_here(context, await sources.find(context, "full"), RunOptions(), lambda _: None)
        return (await runs.start_now(context, await sources.find(context, "waiting"), RunOptions())).id

    lab = Lab(looked_at.running.installation.home)
    lab.settings = {"database_url": looked_at.server.url}
    with ThreadPoolExecutor(1) as aside:  # the browser's loop runs in this thread
        looked_at.known["run_id"] = str(aside.submit(lab.within, work).result())
    for name, token, tested in (("blind", BLIND, True), ("tested", DEFAULT_TOKEN, True), ("untested", BLIND, False)):
        looked_at.known[name] = draft(looked_at.running, looked_at.page, token, tested=tested)
    looked_at.known["chosen"] = draft(looked_at.running, looked_at.page, DEFAULT_TOKEN, tested=True, chosen=True)
    looked_at.known["fresh"] = draft(looked_at.running, looked_at.page)


def draft(running: Running, page: Page, token: str = "", *, tested: bool = False, chosen: bool = False) -> str:
    """The number of a new wizard, with a token, with its test."""
    page.goto(f"{running.url}/connectors")
    page.get_by_role("button", name="Try it on the simulated portal").click()
    page.wait_for_url(re.compile("/credentials$"))
    number = page.url.split("/")[-2]
    if token:
        form = {"token": token, "_csrf_token": page.locator("[name=_csrf_token]").first.input_value()}
        page.request.post(page.url.replace("credentials", "token"), form=form, max_redirects=0)
    if tested:
        page.goto(page.url.replace("credentials", "test"))
        expect(page.get_by_text("Connection works")).to_be_visible()
    if chosen:
        page.goto(page.url.replace("test", "streams"))
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/entity")
    return number


@pytest.mark.parametrize("shown", BEFORE, ids=lambda shown: shown.route)
def test_says_what_is_missing_before_anything_is_connected(stage: Stage, shown: Shown) -> None:
    looked_at_empty(stage, shown)


@pytest.mark.parametrize("shown", [*AFTER, *SYNCED], ids=lambda shown: f"{shown.route}-{shown.source}")
def test_says_what_is_missing_of_a_source(connected: Stage, shown: Shown) -> None:
    looked_at_empty(connected, shown)


def looked_at_empty(stage: Stage, shown: Shown) -> None:
    """And while the next page is awaited, the bar at the top moves."""
    stage.page.goto(stage.address(shown))
    expect(stage.page.get_by_text(shown.says).first).to_be_visible()
    stage.picture(f"empty{shown.route}-{shown.source if shown in SYNCED else ''}")
    # What Chromium tells a page that is left. While it really leaves, Playwright waits and can't look.
    stage.page.evaluate("dispatchEvent(new Event('beforeunload'))")
    expect(stage.page.locator(".going-bar")).to_be_visible()


@contextlib.contextmanager
def held(page: Page, asked: str | re.Pattern[str]) -> Iterator[Callable[[], None]]:
    """What the page asks for stays unanswered until the end of this, or until what it gives is called."""

    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.is_navigation_request():
            route.continue_()
        else:
            waiting.append(route)

    def release() -> None:
        while waiting:
            waiting.pop().continue_()
        page.unroute(asked)

    page.route(asked, hold)
    yield release
    release()


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.route)
def test_a_part_says_that_it_waits_and_why_it_does_not_come_and_then_comes(connected: Stage, part: Part) -> None:
    page = connected.page
    with held(page, re.compile(re.sub("{[^}]*}", "[^/]+", part.route) + r"(\?.*)?$")) as release:
        page.goto(connected.address(part, part.on))
        if part.asked_by:
            part.asked_by(page)
        for place in page.locator(part.place).all():
            expect(place).to_contain_text(part.waits, use_inner_text=True)
        connected.picture(f"waiting{part.route}", full_page=False)
        with connected.without(part.lacks):
            release()
            for place in page.locator(part.place).all():
                expect(place).to_contain_text(part.fails, use_inner_text=True)
            connected.picture(f"failed{part.route}", full_page=False)
    for place in page.locator(part.place).all():
        if part.again:
            place.get_by_role("button", name="Try again").click()
        else:
            page.reload()
        expect(place).to_contain_text(re.compile(part.brings), use_inner_text=True)
        expect(place).not_to_contain_text(part.fails, use_inner_text=True)


@pytest.mark.parametrize(
    "shown", [shown for shown in PAGES if shown.lacks], ids=lambda shown: f"{shown.route}-{shown.source}"
)
def test_a_page_that_breaks_says_so(connected: Stage, shown: Shown) -> None:
    page = connected.page
    broken = page.locator("h1, .note").filter(has_text="Something went wrong on our side.")
    with connected.without(shown.lacks):
        page.goto(connected.address(shown))
        expect(broken).to_be_visible()
        if shown.lacks != "sources" or shown.route == "/sources":  # the others look like it
            connected.picture(f"broken{shown.route}")
    page.get_by_role("link", name=re.compile("Try again|Go on")).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(broken).to_have_count(0)


def test_pages_without_their_database_say_so_and_come_back_by_themselves(connected: Stage) -> None:
    page = connected.page
    page.goto(f"{connected.running.url}/streams")
    expect(page.get_by_role("heading", name="bare")).to_be_visible()
    [session] = [each["value"] for each in page.context.cookies() if each.get("name") == "session"]
    connected.server.stop()
    try:
        expect(page.locator("#live-lost")).to_be_visible()
        connected.picture("away-live", full_page=False)
        addresses = {shown.route: connected.address(shown) for shown in PAGES}
        with ThreadPoolExecutor(len(addresses)) as all_at_once:  # each waits some seconds for the database
            answers = all_at_once.map(lambda address: asked(address, session), addresses.values())
            found = dict(zip(addresses, answers, strict=True))
        assert found.pop("/login")[0] == 200
        for route, (status, text) in found.items():
            assert status == 503, route
            assert "The database does not answer." in text, route
            assert "data-awaits" in text, route
        page.reload()
        expect(page.get_by_role("heading", name="The database does not answer.")).to_be_visible()
        connected.picture("away")
    finally:
        connected.server.start()
    expect(page.get_by_role("heading", name="bare")).to_be_visible()
    expect(page.locator("#live-lost")).to_be_hidden()


def asked(address: str, session: str) -> tuple[int, str]:
    """As a browser asks in which somebody is logged in."""
    request = urllib.request.Request(address, headers={"accept": "text/html", "cookie": f"session={session}"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
