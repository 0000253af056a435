"""A planted token: no page that can be opened holds it, of a source that goes well, that fails, or half connected."""

from collections.abc import Callable

import httpx
from litestar.routes import HTTPRoute

from hubspot_simulator import Portal
from ontologie.model.credentials import OAuthClient
from ontologie.model.run import RunOptions
from ontologie.services import access, connecting, runs, sources
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.wiring import pages
from tests.acceptance.test_canary import SECRET, TOKEN, clean
from tests.lab import Lab, ids

Start = Callable[..., tuple[Portal, str]]
NAME = "canary_pages"
KINDS: dict[str, object] = {
    "picture": "pipelines",
    "kind": "csv",
    **dict.fromkeys(("stream", "object_type", "table"), "contacts"),
    "token": "none",
    "version": "none",
    "file_path": "css/diagnostic.css",
    "address": "nowhere",
}
ENDLESS = "/events"
"""These send parts of the pages again, for as long as somebody looks."""


def addresses(application: object, known: dict[str, object]) -> list[str]:
    """Every address that may be opened; KeyError for a page whose parameters are not known here."""
    paths = [
        route.path_format
        for route in application.routes  # type: ignore[attr-defined]
        if isinstance(route, HTTPRoute) and "GET" in route.methods
    ]
    return [path.format_map(known) for path in paths if not path.endswith(ENDLESS)]


async def search_all(context: Context, settings: Settings, known: dict[str, object]) -> int:
    """How many pages were shown; none held a secret, in its text or its headers."""
    application = pages(context, settings, secure_cookies=False)
    shown = 0
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://localhost") as browser:
        session = await access.redeem_login_link(context, await access.login_link(context))
        browser.headers["accept"] = "text/html"
        for address in addresses(application, known):
            browser.cookies.set("session", str(session))
            answer = await browser.get(address)
            assert answer.status_code < 500, address
            clean(answer.text + str(answer.headers.multi_items()))
            shown += answer.status_code == 200
    return shown


def test_no_page_holds_a_secret(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3, token=TOKEN)
    settings = Settings(home=lab.home)
    lab.add(NAME, url, "contacts", token=TOKEN)
    lab.sync(NAME)

    async def work(context: Context) -> None:
        source = await sources.find(context, NAME)
        draft = await connecting.begin(context, "hubspot", api_url=url)
        await connecting.give_client(context, draft.id, OAuthClient(client_id="known", client_secret=SECRET))
        await connecting.give_token(context, draft.id, TOKEN)
        await connecting.test(context, draft.id)
        [run] = await runs.history(context, source, limit=1)
        known = KINDS | dict.fromkeys(("name", "source_name", "source"), NAME)
        known |= {"draft_id": draft.id, "run_id": run.id, "run": run.id, "record_id": next(ids(made, "contacts"))}
        assert await search_all(context, settings, known) > 30
        made.revoke(TOKEN)
        failed = await runs.sync_here(context, source, RunOptions(), lambda _: None)
        assert failed.diagnosis_code == "HUBSPOT_TOKEN_REVOKED"
        assert await search_all(context, settings, known | {"run_id": failed.id, "run": failed.id}) > 30
        await connecting.discard(context, draft.id)
        await sources.remove(context, NAME, with_data=True)

    lab.within(work)
