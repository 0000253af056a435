"""Deletions that were held are carried out from the Diagnostic page."""

import httpx

from ontologie.database import sources as stored
from ontologie.model.run import ObjectProgress, RunStatus
from ontologie.model.stream import StreamStatus
from ontologie.services import access, runs, sources
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.wiring import pages


def test_the_button_starts_a_run_that_may_delete(lab, portal) -> None:
    _, url = portal(contacts=3)
    lab.add("held_on_page", url, "contacts")

    async def work(context: Context) -> None:
        source = await sources.find(context, "held_on_page")
        held = ObjectProgress(
            object_type="contacts",
            stream="contacts",
            status=StreamStatus.ACTION_REQUIRED,
            diagnosis_code="MASS_DELETION_HELD",
            diagnosis_params={"count": 1_200, "object_type": "contacts", "source": "held_on_page"},
        )
        async with context.pool.connection() as connection:
            state = stored.state_after(source.id, held, records=3, synced_at=None)
            await stored.save_object_states(connection, [state])
        transport = httpx.ASGITransport(pages(context, Settings(home=lab.home), secure_cookies=False))
        async with httpx.AsyncClient(transport=transport, base_url="http://pages", follow_redirects=True) as browser:
            browser.headers["accept"] = "text/html"
            session = await access.redeem_login_link(context, await access.login_link(context))
            browser.cookies.set("session", str(session))
            shown = (await browser.get("/diagnostic")).text
            assert "MASS_DELETION_HELD" in shown
            assert 'formaction="/sources/held_on_page/confirm-deletions"' in shown
            form = {"_csrf_token": browser.cookies["csrftoken"]}
            answer = await browser.post("/sources/held_on_page/confirm-deletions", data=form)
            assert "held_on_page: the deletions are being carried out." in answer.text
        [run] = await runs.history(context, source, limit=1)
        assert run.options.confirm_deletions
        assert run.status is RunStatus.QUEUED
        await runs.cancel(context, source)

    lab.within(work)
