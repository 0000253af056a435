"""Each trouble provoked on a simulated portal: its code, the states of the streams, and that the others went on."""

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from hubspot_simulator import ALL_READ_SCOPES, DEFAULT_TOKEN, BadDays, Portal
from ontologie.model.diagnosis import CATALOGUE, Severity
from ontologie.model.run import Run
from ontologie.services import drift, health, problems, remarks, sources
from ontologie.services.context import Context
from tests.installation import Installation
from tests.lab import Lab, at_noon, ids

Start = Callable[..., tuple[Portal, str]]
NAME = "troubled"


@pytest.fixture(autouse=True)
def _clean(lab: Lab) -> Iterator[None]:
    yield
    lab.settings = {}
    lab.forget(NAME)


def states(run: Run) -> dict[str, tuple[str, str | None]]:
    """By object type: the status and the code."""
    return {item.object_type: (item.status.value, item.diagnosis_code) for item in run.objects}


def ended(run: Run) -> tuple[str, str | None]:
    return run.status.value, run.diagnosis_code


def test_a_missing_scope_stops_its_stream_alone(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3, companies=2, tickets=2)
    lab.add(NAME, url, "contacts", "companies", "tickets")
    made.issue(DEFAULT_TOKEN, [scope for scope in ALL_READ_SCOPES if scope != "tickets"])
    run = lab.sync(NAME)
    assert states(run) == {
        "contacts": ("synced", None),
        "companies": ("synced", None),
        "tickets": ("action_required", "HUBSPOT_SCOPE_MISSING"),
    }
    assert run.diagnosis_params["scope"] == "tickets"
    made.issue(DEFAULT_TOKEN, ALL_READ_SCOPES)
    assert ended(lab.sync(NAME)) == ("synced", None)  # each run looks again


def test_a_free_plan_is_told_from_a_missing_scope(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3)
    lab.add(NAME, url, "contacts")
    made.configure(free_plan=True)
    assert states(lab.sync(NAME)) == {"contacts": ("action_required", "HUBSPOT_PLAN_WITHOUT_API")}


def test_a_withdrawn_token_is_told_from_a_wrong_one(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3)
    lab.add(NAME, url, "contacts")
    lab.sync(NAME)
    made.revoke(DEFAULT_TOKEN)
    assert ended(lab.sync(NAME)) == ("action_required", "HUBSPOT_TOKEN_REVOKED")
    assert lab.rows(f"SELECT count(*) FROM hubspot_{NAME}.contacts") == [(3,)]  # what was there stays
    found = {problem.code: problem for problem in lab.within(problems.open_problems)}
    assert found["HUBSPOT_TOKEN_REVOKED"].since, "of the source as a whole too it is told since when nothing new came"
    made.issue(DEFAULT_TOKEN, ALL_READ_SCOPES)
    assert ended(lab.sync(NAME)) == ("synced", None)


def test_an_expired_token_that_cannot_be_renewed_says_so(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3)
    lab.add(NAME, url, "contacts")
    made.issue(DEFAULT_TOKEN, ALL_READ_SCOPES, 0)
    assert ended(lab.sync(NAME)) == ("action_required", "HUBSPOT_TOKEN_EXPIRED")


def test_a_move_to_another_data_centre_is_waited_for(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3)
    lab.add(NAME, url, "contacts")
    made.mischief.days = BadDays(rate_477=1, migration_retry_after_s=3_600)
    assert ended(lab.sync(NAME)) == ("error", "HUBSPOT_MIGRATING")
    assert CATALOGUE["HUBSPOT_MIGRATING"].retried
    lab.within(lambda context: sources.set_frequency(context, NAME, "5m"))
    assert ended(lab.sync(NAME)) == ("error", "HUBSPOT_MIGRATING")
    due = lab.within(lambda context: sources.find(context, NAME)).next_run_at
    assert due is not None
    assert due > datetime.now(UTC) + timedelta(minutes=50), "the hour that HubSpot asked for"
    lab.within(lambda context: sources.set_frequency(context, NAME, "manual"))
    made.mischief.days = BadDays()
    assert ended(lab.sync(NAME)) == ("synced", None)


def test_a_day_that_is_used_up_is_told(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=300, daily_limit=1_000)
    at_noon(made)
    lab.add(NAME, url, "contacts")
    made.configure(daily_limit=1)
    assert ended(lab.sync(NAME)) == ("error", "HUBSPOT_DAILY_QUOTA_REACHED")


def test_another_key_asks_for_the_right_one_or_new_credentials(lab: Lab, portal: Start) -> None:
    _, url = portal(contacts=3)
    lab.add(NAME, url, "contacts")
    path = lab.home / "secret.key"
    right = path.read_text()
    path.write_text(base64.b64encode(b"k" * 32).decode())
    try:
        assert ended(lab.sync(NAME)) == ("action_required", "SECRET_KEY_WRONG")
    finally:
        path.write_text(right)
    assert ended(lab.sync(NAME)) == ("synced", None)


def test_data_of_a_newer_version_waits_for_that_version(lab: Lab, portal: Start) -> None:
    _, url = portal(contacts=3)
    lab.add(NAME, url, "contacts")
    lab.sync(NAME)

    async def come_from_the_future(context: Context) -> None:
        async with context.pool.connection() as connection:
            await connection.execute(f"COMMENT ON SCHEMA hubspot_{NAME} IS 'ontologie store 9999'")

    lab.within(come_from_the_future)
    assert ended(lab.sync(NAME)) == ("action_required", "DATA_NEWER")


def test_the_doctor_names_each_trouble_on_a_line_of_its_own(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3, tickets=1)
    lab.add(NAME, url, "contacts", "tickets")
    made.issue(DEFAULT_TOKEN, [scope for scope in ALL_READ_SCOPES if scope != "tickets"])

    async def work(context: Context) -> list[health.Finding]:
        return await health.check(context, lab.home, NAME)

    found = {item.check: item for item in lab.within(work)}
    assert found[f"source {NAME}, tickets"].code == "HUBSPOT_SCOPE_MISSING"
    assert found[f"source {NAME}, contacts"].code is None
    assert found["key"].code is None
    (lab.home / "secret.key").chmod(0o644)
    try:
        found = {item.check: item for item in lab.within(work)}
    finally:
        (lab.home / "secret.key").chmod(0o600)
    assert found["key"].code == "SECRET_KEY_READABLE"


def test_values_that_do_not_fit_and_types_that_change_are_told_and_stop_nothing(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=5, companies=2, odd_numbers=False)
    made.events.add_property("contacts", "seats", "number", "number")
    made.events.add_property("contacts", "size", "string", "text")
    contact = next(ids(made, "contacts"))
    made.events.edit("contacts", contact, {"seats": "many", "size": "42"})
    lab.add(NAME, url, "contacts", "companies")
    lab.sync(NAME)
    made.events.retype_property("contacts", "size", "number", "number")
    assert states(lab.sync(NAME, check=True)) == {"contacts": ("synced", None), "companies": ("synced", None)}

    async def told(context: Context) -> dict[str, dict[str, str | int]]:
        source = await sources.find(context, NAME)
        found = await remarks.of_sources(context, [source])
        shown = [item for item in await problems.open_problems(context) if item.source.id == source.id]
        assert [(item.code, item.object_types) for item in shown] == [(item.code, ("contacts",)) for item in found]
        checked = [item for item in await health.check(context, lab.home, NAME) if item.check.startswith("source")]
        assert {item.code for item in checked if item.code} == {item.code for item in found}
        return {item.code: item.params for item in found}

    about: dict[str, str | int] = {"source": NAME, "object_type": "contacts"}
    rejected = about | {"count": 1}
    assert lab.within(told) == {"VALUES_REJECTED": rejected, "PROPERTY_RETYPED": about | {"properties": "size"}}
    assert {CATALOGUE[code].severity for code in ("VALUES_REJECTED", "PROPERTY_RETYPED")} == {Severity.NOTICE}
    lab.within(lambda context: drift.acknowledge(context, NAME, None))
    assert lab.within(told) == {"VALUES_REJECTED": rejected}
    made.events.edit("contacts", contact, {"seats": "7"})
    lab.sync(NAME)
    assert lab.within(told) == {}


def test_the_doctor_has_no_complaint_where_all_is_only_worth_knowing(
    lab: Lab, installation: Installation, portal: Start
) -> None:
    made, url = portal(contacts=5, odd_numbers=False)
    made.events.add_property("contacts", "seats", "number", "number")
    made.events.edit("contacts", next(ids(made, "contacts")), {"seats": "many"})
    lab.add(NAME, url, "contacts")
    lab.sync(NAME)
    said = installation.run("doctor", NAME)  # exits with 0
    assert f"· source {NAME}, contacts, data: Records of contacts" in said
    assert "✗" not in said
