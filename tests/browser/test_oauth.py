"""The trip to HubSpot's consent page in a real browser, with every way it can go wrong."""

import re
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import Page, expect

from ontologie.model.user import Role, User
from ontologie.services import connecting, sources
from ontologie.services.context import Context
from tests.browser.conftest import SCREENSHOTS, Running
from tests.lab import Lab

T = TypeVar("T")


def simulator_url(running: Running) -> str:
    return str(re.findall(r"Simulated portal\s+(http\S+)", running.greeting)[0])


@pytest.fixture
def drafts(running: Running) -> "Drafts":
    return Drafts(running)


class Drafts:
    """Begins drafts of the logged-in owner."""

    def __init__(self, running: Running) -> None:
        self.lab = Lab(running.installation.home)
        self.api_url = simulator_url(running)

    def within(self, work: Callable[[Context], Awaitable[T]]) -> T:
        """In a thread of its own: Playwright's loop runs in this one."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self.lab.within, work).result()

    def begin(self, source: str | None = None) -> int:
        async def work(context: Context) -> int:
            owner = await self._owner(context)
            if source is not None:
                return (await connecting.begin_again(owner, source)).id
            return (await connecting.begin(owner, "hubspot", api_url=self.api_url)).id

        return self.within(work)

    def via(self, draft_id: int) -> str | None:
        async def work(context: Context) -> str | None:
            return (await connecting.find(await self._owner(context), draft_id)).via

        return self.within(work)

    def execute(self, statement: str) -> None:
        async def work(context: Context) -> None:
            async with context.pool.connection() as connection:
                await connection.execute(statement.encode())

        self.within(work)

    async def _owner(self, context: Context) -> Context:
        async with context.pool.connection() as connection:
            cursor = await connection.execute("SELECT id FROM users ORDER BY id LIMIT 1")
            row = await cursor.fetchone()
        assert row is not None
        return context.acting_as(User(id=row["id"], name="owner", role=Role.OWNER))


def authorize(page: Page, running: Running, draft_id: int) -> Page:
    """Click the button; the popup."""
    page.goto(f"{running.url}/connect/{draft_id}/credentials")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Authorize with HubSpot").click()
    popup = opened.value
    popup.wait_for_url(re.compile("/authorize"))
    return popup


def test_granted_in_the_popup_the_waiting_page_goes_on_and_a_replay_is_refused(
    running: Running, drafts: Drafts, open_page
) -> None:
    page = open_page()
    draft_id = drafts.begin()
    popup = authorize(page, running, draft_id)
    page.screenshot(path=SCREENSHOTS / "oauth-waiting.png")
    answers: list[str] = []
    popup.on("request", lambda request: answers.append(request.url) if "/oauth/callback" in request.url else None)
    popup.get_by_role("button", name="Grant").click()
    expect(page.get_by_text("Connection works")).to_be_visible()
    if not popup.is_closed():
        popup.wait_for_event("close")
    assert drafts.via(draft_id) == "oauth"
    assert answers
    other = page.context.new_page()  # the console of this one may speak: it is a 409
    other.goto(answers[0])
    expect(other.get_by_text("OAUTH_STATE_INVALID")).to_be_visible()
    assert "code=" not in other.url  # nor does it stay in the history


def test_refused_closed_and_blocked(running: Running, drafts: Drafts, open_page) -> None:
    page = open_page()
    draft_id = drafts.begin()
    popup = authorize(page, running, draft_id)
    popup.get_by_role("button", name="Refuse").click()
    expect(page.get_by_text("The authorization was refused on HubSpot's page.")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "oauth-refused.png")
    if not popup.is_closed():
        popup.wait_for_event("close")

    popup = authorize(page, running, draft_id)
    popup.close()
    expect(page.get_by_text("HubSpot's window was closed before")).to_be_visible()

    page.goto(f"{running.url}/connect/{draft_id}/credentials")
    page.evaluate("window.open = () => null")  # what a browser's blocker does
    page.get_by_role("button", name="Authorize with HubSpot").click()
    expect(page.get_by_text("The browser did not let us open HubSpot's window.")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "oauth-blocked.png")
    page.get_by_role("link", name="Go to HubSpot in this tab").click()
    page.get_by_role("button", name="Grant").click()
    expect(page.get_by_text("HubSpot is authorized.")).to_be_visible()
    assert drafts.via(draft_id) == "oauth"


def test_another_portal_than_the_sources_is_refused_with_the_reason(
    running: Running, drafts: Drafts, open_page
) -> None:
    running.installation.add("portals", drafts.api_url, "--streams", "contacts")
    drafts.execute("UPDATE sources SET account = jsonb_set(account, '{portal_id}', '7') WHERE name = 'portals'")
    page = open_page()
    popup = authorize(page, running, drafts.begin("portals"))
    parts = urlsplit(popup.url)
    assert parts.path == "/oauth/7/authorize"  # the source's own account is chosen beforehand
    popup.goto(urlunsplit(parts._replace(path="/oauth/authorize")))
    popup.get_by_role("button", name="Grant").click()
    expect(page.get_by_text("and the source reads the account 7")).to_be_visible()

    async def remove(context: Context) -> None:
        await sources.remove(context, "portals", with_data=True)

    drafts.within(remove)
