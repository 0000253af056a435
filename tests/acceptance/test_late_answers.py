"""What has not answered when the test of a connection ends: said as unknown, neither locked nor empty."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from hubspot_simulator import ALL_READ_SCOPES, DEFAULT_TOKEN, BadDays, Portal
from ontologie.cli import authorize
from ontologie.database import drafts
from ontologie.httpclient.tokens import GivenCredentials
from ontologie.model.credentials import TokenCredentials
from ontologie.model.discovery import Discovery, StreamDiscovery
from ontologie.services import access, connecting, discovery
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.wiring import pages
from tests.lab import Lab

Start = Callable[..., tuple[Portal, str]]


def looked(lab: Lab, url: str, days: BadDays, made: Portal) -> tuple[Discovery, dict[str, StreamDiscovery]]:
    """A test of two seconds in which HubSpot is late with some of its answers."""
    made.mischief.days = days

    async def work(context: Context) -> Discovery:
        keeper = GivenCredentials(TokenCredentials(token=DEFAULT_TOKEN))
        patience = timedelta(seconds=2)
        return await discovery.discover(context, context.connectors["hubspot"], url, keeper, patience=patience)

    found = lab.within(work)
    return found, {stream.name: stream for stream in found.streams}


def test_a_stream_whose_count_is_late_is_readable_and_not_counted(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=30, companies=7, latency_ms=50)
    late = BadDays(families=("search",), object_types=("contacts", "calls"), stall=1, stall_s=30)
    found, streams = looked(lab, url, late, made)
    contacts = streams["contacts"]
    assert (contacts.ready, contacts.complete, contacts.counted, contacts.records) == (True, True, False, None)
    assert contacts.properties
    assert (streams["companies"].counted, streams["companies"].records) == (True, 7)
    engagements = streams["engagements"]
    assert engagements.complete
    assert not engagements.counted
    assert engagements.records is not None
    assert not found.counted
    assert "contacts" not in found.records()


def test_a_stream_of_which_nothing_has_come_is_offered_and_told_from_a_locked_one(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3, latency_ms=50)
    made.issue(DEFAULT_TOKEN, [scope for scope in ALL_READ_SCOPES if scope != "tickets"])
    late = BadDays(object_types=("deals",), stall=1, stall_s=30)
    found, streams = looked(lab, url, late, made)
    deals, tickets = streams["deals"], streams["tickets"]
    assert (deals.offered, deals.ready, deals.silent, deals.records) == (True, False, True, None)
    assert [item.problem_code for item in deals.objects] == ["HUBSPOT_TIMEOUT"]
    assert (tickets.offered, tickets.silent) == (False, False)
    assert streams["contacts"].records == 3
    assert not found.counted


def test_a_count_that_hubspot_cannot_give_just_now_locks_nothing(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3, companies=2)
    found, streams = looked(lab, url, BadDays(families=("search",), object_types=("contacts",), malformed=1), made)
    assert streams["contacts"].ready
    assert streams["contacts"].records is None
    assert streams["companies"].records == 2
    found, streams = looked(lab, url, BadDays(), made)
    assert streams["contacts"].records == 3
    assert found.counted


def test_the_terminal_says_what_is_not_known(lab: Lab, portal: Start, capsys: pytest.CaptureFixture[str]) -> None:
    made, url = portal(contacts=3, companies=2)
    late = BadDays(families=("search",), object_types=("contacts", "calls"), stall=1, stall_s=30)
    found, _ = looked(lab, url, late, made)
    authorize.tell(found)
    said = capsys.readouterr().err
    assert "✓ contacts: not counted in time" in said
    assert "✓ companies: 2 records" in said
    assert "✓ engagements: at least" in said
    assert "A first sync takes at least" in said


_SAID = {
    "en": (
        "No answer yet",
        "HubSpot did not count everything within the five seconds",
        "not counted in time",
        "whether it can be read is not known yet",
        "records can be read, as far as HubSpot has counted; a first sync of all takes at least",
    ),
    "fr": (
        "Pas encore de réponse",
        "HubSpot n’a pas tout compté pendant les cinq secondes",
        "non compté à temps",
        "on ne sait pas encore s’il est lisible",
        "enregistrements lisibles, d’après ce que HubSpot a compté",
    ),
}


def test_the_wizard_says_it_too_and_lets_the_stream_be_ticked(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3, companies=2)
    found, _ = looked(lab, url, BadDays(object_types=("deals",), stall=1, stall_s=30), made)

    async def work(context: Context) -> dict[str, str]:
        session = str(await access.redeem_login_link(context, await access.login_link(context)))
        user = await access.session_user(context, session)
        assert user is not None
        context = context.acting_as(user)
        draft = await connecting.begin(context, "hubspot", api_url=url)
        await connecting.give_token(context, draft.id, DEFAULT_TOKEN)
        async with context.pool.connection() as connection:
            await drafts.discovered(connection, draft.id, found, context.clock.now())
        transport = httpx.ASGITransport(pages(context, Settings(home=lab.home), secure_cookies=False))
        shown = {}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            browser.cookies.set("session", session)
            for language in _SAID:
                told = {"Accept-Language": language}
                steps = [await browser.get(f"/connect/{draft.id}/{step}", headers=told) for step in ("test", "streams")]
                shown[language] = "".join(step.text for step in steps)
        await connecting.discard(context, draft.id)
        return shown

    for language, shown in lab.within(work).items():
        for sentence in _SAID[language]:
            assert sentence in shown
        assert 'value="deals" checked' in shown
