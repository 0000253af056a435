"""What a run tells of itself afterwards: its phases, its cost, its end."""

import httpx
import pytest

from hubspot_simulator import DEFAULT_TOKEN, BadDays
from ontologie.errors import UsageError
from ontologie.model.run import EVENT_KINDS, RunStatus
from ontologie.services import access, runs, sources
from ontologie.services.context import Context
from ontologie.services.runs import RunStory
from ontologie.settings import Settings
from ontologie.wiring import pages
from tests.lab import ids


def story(lab, name: str) -> RunStory:
    async def work(context: Context) -> RunStory:
        [last] = await runs.history(context, await sources.find(context, name), limit=1)
        return await runs.find(context, last.id)

    return lab.within(work)


def test_a_run_tells_its_phases_and_what_it_cost(lab, portal) -> None:
    made, url = portal(contacts=60, daily_limit=250_000)
    lab.add("told", url, "contacts", "companies")
    lab.sync("told")
    assert {event.detail["phase"] for event in story(lab, "told").events if event.kind == "phase"} == {"backfill"}
    before, refused_before = made.statistics.requests, made.statistics.rate_limited
    lab.sync("told", check=True)
    found = story(lab, "told")
    assert found.run.requests == made.statistics.requests - before
    assert found.run.refusals == made.statistics.rate_limited - refused_before
    used = {budget.name: budget for budget in found.run.budgets}
    assert 0 < used["burst"].used <= used["burst"].limit == made.config.burst_per_10_s
    kinds = [event.kind for event in found.events]
    assert kinds[0] == "slice_began"
    assert kinds[-1] == "run_ended"
    assert set(kinds) <= set(EVENT_KINDS)
    for item in found.run.objects:
        assert item.started_at is not None
        assert item.ended_at is not None
        mine = [event for event in found.events if event.object_type == item.object_type]
        assert [mine[0].kind, mine[-1].kind] == ["object_began", "object_ended"]
        phases = [event.detail["phase"] for event in mine if event.kind == "phase"]
        assert "sweep" in phases
        assert mine[-1].detail == {"status": "synced", "read": item.read}
    assert [event.at for event in found.events] == sorted(event.at for event in found.events)
    assert found.quota is not None
    assert 0 < found.quota.left < found.quota.limit


def test_a_failure_is_told_with_its_diagnosis(lab, portal) -> None:
    made, url = portal(contacts=5)
    lab.add("failing", url, "contacts")
    made.revoke(DEFAULT_TOKEN)
    assert lab.sync("failing").status is RunStatus.ACTION_REQUIRED
    last = story(lab, "failing").events[-1]
    assert last.kind == "run_ended"
    assert last.detail["status"] == "action_required"
    assert last.detail["code"] == "HUBSPOT_TOKEN_REVOKED"


def test_links_that_are_refused_are_told_once(lab, portal) -> None:
    made, url = portal(contacts=300, companies=20, deals=0, tickets=0)
    lab.add("unlinked", url, "contacts", "companies")
    made.mischief.days = BadDays(rate_404=1, families=("associations",))
    assert lab.sync("unlinked").status is RunStatus.SYNCED
    refused = [event for event in story(lab, "unlinked").events if event.kind == "links_refused"]
    assert [(event.object_type, event.detail) for event in refused] == [("contacts", {"to": "companies"})]
    made.mischief.days = BadDays()
    assert lab.sync("unlinked").status is RunStatus.SYNCED, "asked again with the next run, without a full check"
    assert "links_refused" not in {event.kind for event in story(lab, "unlinked").events}
    assert lab.differences(made, "unlinked", "contacts", "companies") == []
    before = made.statistics.families["associations"].requests
    lab.sync("unlinked")
    assert made.statistics.families["associations"].requests == before, "and not once more"


def test_links_that_are_refused_in_a_full_check_are_asked_for_by_the_next_run(lab, portal) -> None:
    made, url = portal(contacts=300, companies=20, deals=0, tickets=0)
    lab.add("unlinked_later", url, "contacts", "companies")
    lab.sync("unlinked_later")
    contact, gone, *_ = ids(made, "contacts")
    for company in ids(made, "companies"):
        made.events.associate("contacts", contact, "companies", company)
    made.mischief.days = BadDays(rate_404=1, families=("associations",))
    lab.sync("unlinked_later", check=True)
    lab.sync("unlinked_later")
    assert [event.detail for event in story(lab, "unlinked_later").events if event.kind == "links_refused"] == [
        {"to": "companies"}
    ]
    made.events.archive("contacts", gone)
    made.mischief.days = BadDays()
    lab.sync("unlinked_later")
    assert lab.rows("select count(*) from hubspot_unlinked_later._unlinked") == [(0,)]
    differing = lab.differences(made, "unlinked_later", "contacts", "companies")
    assert [item for item in differing if item.startswith("link")] == []


def test_a_record_that_is_listed_as_merged_and_kept_live_stays_live_and_is_told_once(lab, portal) -> None:
    made, url = portal(contacts=300, companies=0, deals=0, tickets=0)
    first, second, *_, before_last, last = ids(made, "contacts")
    lab.add("undead", url, "contacts")
    lab.sync("undead")
    made.events.edit("contacts", first, {"hs_merged_object_ids": str(last)})
    made.events.edit("contacts", before_last, {"hs_merged_object_ids": f"{second};{last}"})
    told = []
    for check in (False, True, True, False, True):
        assert lab.sync("undead", check=check).status is RunStatus.SYNCED
        told += [event.detail for event in story(lab, "undead").events if event.kind == "parts_live"]
        assert lab.differences(made, "undead", "contacts") == []
    assert told == [{"count": 2}]
    assert lab.rows("select count(*) from hubspot_undead.merges") == [(0,)]
    survivor = made.events.merge("contacts", first, last)
    lab.sync("undead", check=True)
    assert lab.differences(made, "undead", "contacts") == []
    assert lab.rows(f"select into_id from hubspot_undead.merges where from_id = {last}") == [(survivor,)]


def test_an_unknown_run_is_said_to_be_unknown(lab) -> None:
    async def work(context: Context) -> None:
        await runs.find(context, 999_999)

    with pytest.raises(UsageError) as raised:
        lab.within(work)
    assert raised.value.code == "RUN_UNKNOWN"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_its_page_tells_it_in_both_languages(lab, portal, language: str) -> None:
    _, url = portal(contacts=3)
    name = f"paged{language}"
    lab.add(name, url, "contacts", "tickets")
    lab.sync(name)
    run = lab.sync(name, check=True)

    async def work(context: Context) -> list[httpx.Response]:
        transport = httpx.ASGITransport(pages(context, Settings(home=lab.home), secure_cookies=False))
        async with httpx.AsyncClient(transport=transport, base_url="http://pages") as browser:
            session = await access.redeem_login_link(context, await access.login_link(context))
            browser.cookies.update({"session": str(session), "language": language})
            paths = (f"/runs/{run.id}", f"/sources/{name}/runs", "/monitoring", "/settings/api")
            return [await browser.get(path, headers={"accept": "text/html"}) for path in paths]

    for answer in lab.within(work):
        assert answer.status_code == 200, answer.url
        assert f'<html lang="{language}"' in answer.text
