"""Trouble that passes: of one stream, told by its code while the others go on; of the machine, told by the doctor."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import msgspec
import psycopg
import pytest

from hubspot_simulator import BadDays, Portal
from ontologie.database.pool import open_pool
from ontologie.errors import OntologieError
from ontologie.httpclient import client
from ontologie.model.diagnosis import CATALOGUE, Severity
from ontologie.model.run import RunStatus
from ontologie.services import health, sources
from ontologie.services.context import Context
from tests.lab import Lab

Start = Callable[..., tuple[Portal, str]]
NAME = "passing"
SMALL = {"contacts": 3, "companies": 2, "odd_numbers": False}


@pytest.fixture(autouse=True)
def _clean(lab: Lab) -> Iterator[None]:
    yield
    lab.forget(NAME)


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives up at the second try, so that no test waits."""
    patience = client.RetryPolicy(max_attempts=2, max_refusals=2, first_wait=timedelta(milliseconds=1))
    monkeypatch.setattr(client, "RetryPolicy", lambda: patience)


async def _checked(context: Context, lab: Lab) -> dict[str, health.Finding]:
    return {item.check: item for item in await health.check(context, lab.home, NAME)}


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("HUBSPOT_RATE_LIMITED", BadDays(object_types=("companies",), rate_429=1)),
        ("HUBSPOT_UNREACHABLE", BadDays(object_types=("companies",), rate_503=1)),
        ("HUBSPOT_UNREACHABLE", BadDays(object_types=("companies",), reset=1)),
        ("HUBSPOT_CONTRACT_BROKEN", BadDays(object_types=("companies",), malformed=1)),
    ],
)
def test_trouble_of_one_stream_is_named_and_the_others_go_on(
    lab: Lab, portal: Start, code: str, days: BadDays
) -> None:
    made, url = portal(**SMALL)
    lab.add(NAME, url, "contacts", "companies")
    made.mischief.days = days
    run = lab.sync(NAME)
    states = {item.object_type: (item.status.value, item.diagnosis_code) for item in run.objects}
    assert states == {"contacts": ("synced", None), "companies": ("error", code)}
    assert lab.rows(f"SELECT count(*) FROM hubspot_{NAME}.contacts") == [(3,)]
    assert CATALOGUE[code].retried
    made.mischief.days = BadDays()
    assert {item.status.value for item in lab.sync(NAME).objects} == {"synced"}
    assert lab.differences(made, NAME, "contacts", "companies") == []


def test_a_clock_that_is_wrong_is_told_with_how_much(lab: Lab, portal: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    _, url = portal(**SMALL)
    lab.add(NAME, url, "contacts")

    async def work(context: Context) -> None:
        assert (await _checked(context, lab))[f"source {NAME}, clock"].code is None
        right = context.clock.now
        monkeypatch.setattr(context.clock, "now", lambda: right() + timedelta(hours=1))
        found = (await _checked(context, lab))[f"source {NAME}, clock"]
        assert found.code == "CLOCK_SKEW"
        assert 3_590 <= int(found.params["seconds"]) <= 3_610
        monkeypatch.undo()

    lab.within(work)
    assert CATALOGUE["CLOCK_SKEW"].severity is Severity.ACTION


def test_nobody_at_work_is_told_once_a_source_is_to_be_synced_by_itself(lab: Lab, portal: Start) -> None:
    _, url = portal(**SMALL)
    lab.add(NAME, url, "contacts")

    async def work(context: Context) -> None:
        async with context.pool.connection() as connection:
            await connection.execute("DELETE FROM procrastinate_workers")
        await sources.set_frequency(context, NAME, "1h")
        assert (await _checked(context, lab))["worker"].code == "WORKER_MISSING"
        async with context.pool.connection() as connection:
            await connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        assert (await _checked(context, lab))["worker"].code is None
        async with context.pool.connection() as connection:
            await connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        assert (await _checked(context, lab))["worker"].code == "WORKER_MISSING"
        async with context.pool.connection() as connection:
            await connection.execute("DELETE FROM procrastinate_workers")

    lab.within(work)


def test_a_full_disk_is_told(lab: Lab, portal: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    _, url = portal(**SMALL)
    lab.add(NAME, url, "contacts")

    def found(free: int) -> str | None:
        usage = type("Usage", (), {"total": 100, "free": free})
        with monkeypatch.context() as patched:
            patched.setattr(health.shutil, "disk_usage", lambda _: usage)
            return {item.check: item for item in lab.within(lambda context: health.check(context, lab.home, NAME))}[
                "disk"
            ].code

    assert found(4) == "DISK_NEARLY_FULL"
    assert found(6) is None


def test_a_database_that_does_not_answer_is_told(lab: Lab) -> None:
    async def work(context: Context) -> OntologieError:
        async with open_pool("postgresql://nobody@127.0.0.1:1/none", size=1, least=0) as nowhere:
            nowhere.timeout = 1
            away = msgspec.structs.replace(context, pool=nowhere)
            with pytest.raises(OntologieError) as raised:
                await health.reach_database(away)
            return raised.value

    assert lab.within(work).code == "STORE_UNREACHABLE"


def test_tables_that_somebody_else_keeps_locked_are_told_and_then_brought_up_to_date(lab: Lab, portal: Start) -> None:
    account, url = portal(deals=3, odd_numbers=False)
    lab.add(NAME, url, "deals")
    lab.sync(NAME)
    account.events.add_property("deals", "shoe_size", "string", "text")
    with psycopg.connect(lab.within(_owner)) as somebody:
        somebody.execute(f"SELECT FROM hubspot_{NAME}.association_links".encode())
        run = lab.sync(NAME, check=True)
        assert (run.status, run.diagnosis_code) == (RunStatus.ERROR, "STORE_LOCKED")
    assert lab.sync(NAME).status is RunStatus.SYNCED
    assert lab.rows(f"SELECT count(shoe_size) FROM hubspot_{NAME}.deals") == [(0,)]


async def _owner(context: Context) -> str:
    return context.database_url
