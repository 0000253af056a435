"""Whether rows of deleted records are removed is chosen in the wizard's third step and on the source's page."""

from datetime import timedelta
from typing import Any

from ontologie.database import drafts
from ontologie.model.discovery import Discovery, Estimate, Limits, ObjectDiscovery, StreamDiscovery
from ontologie.model.user import Role
from ontologie.services import sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from tests.unit.services.conftest import START, FakeSession
from tests.unit.web.conftest import Browser, csrf


async def removed(context: Context) -> bool:
    return (await sources.find(context, "acme")).hard_delete


async def ticked(browser: Browser) -> bool:
    [box] = [line for line in (await browser.get("/sources/acme")).text.splitlines() if 'name="hard_delete"' in line]
    return " checked" in box


async def test_an_editor_changes_it_both_ways_and_sees_it(context: Context, log_in: Any) -> None:
    await sources.add(context, SourceRequest(name="acme", connector="hubspot", token="portal-7"))
    browser = await log_in(Role.EDITOR)
    assert not await ticked(browser)
    answer = await browser.post("/sources/acme/deletions", data={**await csrf(browser), "hard_delete": "yes"})
    assert "What becomes of the deleted records of acme is saved." in answer.text
    assert await removed(context)
    assert await ticked(browser)
    await browser.post("/sources/acme/deletions", data=await csrf(browser))
    assert not await removed(context)


async def test_a_viewer_cannot(context: Context, log_in: Any) -> None:
    await sources.add(context, SourceRequest(name="acme", connector="hubspot", token="portal-7"))
    browser = await log_in(Role.VIEWER)
    assert 'name="hard_delete"' not in (await browser.get("/sources/acme")).text
    answer = await browser.post("/sources/acme/deletions", data={**await csrf(browser), "hard_delete": "yes"})
    assert answer.status_code == 403
    assert not await removed(context)


async def test_the_third_step_of_the_wizard_asks_and_remembers(context: Context, log_in: Any) -> None:
    browser = await log_in(Role.ADMIN)
    answer = await browser.post("/connect", data={**await csrf(browser), "connector": "hubspot"})
    number = int(answer.url.path.split("/")[2])
    contacts = StreamDiscovery(
        name="contacts", optional=False, objects=(ObjectDiscovery(object_type="contacts", records=5),)
    )
    found = Discovery(
        account=await FakeSession("portal-7").account(),
        streams=(contacts,),
        limits=Limits(),
        estimate=Estimate(duration=timedelta(seconds=1), requests=1),
        seconds=1.0,
    )
    async with context.pool.connection() as connection:
        await drafts.discovered(connection, number, found, START)
    step = f"/connect/{number}/streams"
    assert 'name="hard_delete"' in (await browser.get(step)).text
    chosen = {"name": "acme", "streams": "contacts", "frequency": "1h", "hard_delete": "yes"}
    await browser.post(step, data={**await csrf(browser), **chosen})
    assert 'name="hard_delete" value="yes" checked' in (await browser.get(step)).text
