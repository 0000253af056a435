"""What a run compared, what differed and what was repaired is told: on its page, by the command, by the API."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hubspot_simulator import Portal
from hubspot_simulator.bad_days import BadDays
from ontologie.cli import output
from ontologie.model.api_key import Scope
from ontologie.model.run import Compared, CountsMean, Run
from ontologie.services import access, api_keys, runs, sources
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.wiring import pages
from tests.lab import Lab, ids, progress

FEW = {"deals": 0, "tickets": 0}


@pytest.fixture
def always_counting(lab: Lab) -> Iterator[Lab]:
    lab.settings = {"totals_minutes": 0.00001}
    yield lab
    lab.settings = {}


def hidden_of(account: Portal, count: int) -> int:
    return sum(account.mischief.marks("hidden_rows", "objects", at) for at in range(count))


def test_counts_that_differ_twice_are_told_and_so_is_what_the_full_check_repaired(
    always_counting: Lab, portal
) -> None:
    lab = always_counting
    account, url = portal(contacts=100, companies=0, **FEW)
    account.mischief.days = BadDays(hidden_rows=0.2)
    hidden = hidden_of(account, 100)
    lab.add("apart", url, "contacts")
    first = progress(lab.sync("apart"), "contacts").compared
    assert first == Compared(counted_ours=100 - hidden, counted_theirs=100, counts_mean=CountsMean.LATER)
    account.mischief.days = BadDays()
    run = lab.sync("apart")
    second = progress(run, "contacts")
    assert second.compared == Compared(
        counted_ours=100 - hidden, counted_theirs=100, counts_mean=CountsMean.CHECK, missing=hidden
    )
    assert (second.checked_ours, second.checked_theirs) == (100, 100)
    assert [event.detail for event in events(lab, run, "counted")] == [
        {"ours": 100 - hidden, "theirs": 100, "means": "check"}
    ]
    [compared] = events(lab, run, "compared")
    assert compared.detail["missing"] == hidden
    third = progress(lab.sync("apart"), "contacts")
    assert third.compared == Compared(counted_ours=100, counted_theirs=100, counts_mean=CountsMean.EQUAL)


def test_a_difference_that_comes_back_soon_waits_for_the_rhythm_and_says_so(always_counting: Lab, portal) -> None:
    lab = always_counting
    account, url = portal(contacts=60, companies=0, **FEW)
    lab.settings["totals_minutes"] = 0.005
    lab.add("again", url, "contacts")
    lab.sync("again")
    means = []
    for _ in range(40):
        erased = next(ids(account, "contacts"))
        account.events.gdpr_delete("contacts", erased)
        means.append(progress(lab.sync("again"), "contacts").compared.counts_mean)
        if CountsMean.LATELY in means:
            break
    assert CountsMean.CHECK in means
    assert means.index(CountsMean.CHECK) < means.index(CountsMean.LATELY)


def test_a_full_check_tells_each_kind_of_difference(lab: Lab, portal) -> None:
    account, url = portal(contacts=120, companies=10, **FEW)
    lab.add("differing", url, "contacts", "companies")
    lab.sync("differing")
    every = list(ids(account, "contacts"))
    links = [item for item in account.truth() if item["kind"] == "association"]
    linked = {item["to_id"] for item in links if item["from_id"] == every[3]}
    company = next(each for each in ids(account, "companies") if each not in linked)
    account.events.recalculate("contacts", every[0], {"hubspotscore": "98"})
    account.events.archive("contacts", every[1])
    account.events.gdpr_delete("contacts", every[2])
    account.events.associate("contacts", every[3], "companies", company)
    run = lab.sync("differing", check=True)
    found = progress(run, "contacts")
    assert (found.compared.missing, found.compared.outdated, found.compared.gone) == (0, 1, 2)
    assert found.compared.links == 1
    assert (found.checked_ours, found.checked_theirs) == (118, 118)
    assert progress(run, "companies").compared == Compared()
    account.events.merge("contacts", every[10], every[11], "primary_kept")
    with account.lock:  # its survivor is not told as changed: the merge comes with the full check alone
        store = account.stores["contacts"]
        index = store.index(every[10])
        assert index is not None
        store.alter(index).modified_ms = account.until_ms - 1_000
        store.touched(index)
    merged = progress(lab.sync("differing", check=True), "contacts").compared
    assert (merged.merged, merged.gone, merged.missing) == (1, 0, 0)
    assert lab.differences(account, "differing", "contacts", "companies") == []


SAID = {
    "en": "Full check: 1 record was missing here, 1 record was out of date. All of it was repaired: 42 records",
    "fr": "Contrôle complet : 1 enregistrement manquait ici, 1 enregistrement n’était pas à jour. Tout a été réparé",
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_the_command_and_the_api_tell_it(
    lab: Lab, portal, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    account, url = portal(contacts=42, companies=0, **FEW)
    name = f"telling_{language}"
    account.mischief.days = BadDays(hidden_rows=0.05)
    lab.add(name, url, "contacts")
    lab.sync(name)
    account.mischief.days = BadDays()
    [(stored,)] = lab.rows(f"select min(id) from hubspot_{name}.contacts")
    assert isinstance(stored, int)
    account.events.recalculate("contacts", stored, {"hubspotscore": "98"})
    run = lab.sync(name, check=True)

    async def work(context: Context) -> tuple[str, dict[str, Any]]:
        transport = httpx.ASGITransport(pages(context, Settings(home=lab.home), secure_cookies=False))
        async with httpx.AsyncClient(transport=transport, base_url="http://pages") as browser:
            session = await access.redeem_login_link(context, await access.login_link(context))
            browser.cookies.update({"session": str(session), "language": language})
            page = (await browser.get(f"/runs/{run.id}", headers={"accept": "text/html"})).text
            key = await api_keys.create(context, name=f"story {language}", scopes=(Scope.READ,))
            bearer = {"authorization": f"Bearer {key.token}"}
            return page, (await browser.get(f"/api/v1/runs/{run.id}", headers=bearer)).json()

    page, answer = lab.within(work)
    sentence = SAID[language].replace(" :", "\u00a0:") if language == "fr" else SAID[language]
    assert page.count(sentence) == 2, "beside the object type, and in the log"
    [compared] = answer["compared"]
    assert (compared["table"], compared["missing"], compared["outdated"]) == ("contacts", 1, 1)
    assert (compared["records_here"], compared["records_in_hubspot"]) == (42, 42)
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    output.print_run(lab.within(lambda context: sources.find(context, name)), run)
    told = capsys.readouterr().out
    assert f"contacts – {sentence}" in told
    assert " UTC · " in told, "nothing around it names the zone"
    assert output.run_as_json(name, run)["streams"][0]["objects"][0]["compared"].missing == 1


def events(lab: Lab, run: Run, kind: str) -> list[Any]:
    async def work(context: Context) -> list[Any]:
        return [event for event in (await runs.find(context, run.id)).events if event.kind == kind]

    return lab.within(work)
