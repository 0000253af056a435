"""An account's own object types: found by the test of the connection, left off, read when they are ticked."""

from collections.abc import Callable, Iterator

import pytest

from hubspot_simulator import ALL_READ_SCOPES, DEFAULT_TOKEN, BadDays, Portal
from ontologie.model.discovery import Discovery, StreamDiscovery
from ontologie.services import connecting
from ontologie.services.connecting import Choices
from ontologie.services.context import Context
from tests.lab import Lab

Start = Callable[..., tuple[Portal, str]]
NAME = "garage"
CARS = "p145000001_cars"


@pytest.fixture(autouse=True)
def _clean(lab: Lab) -> Iterator[None]:
    yield
    lab.forget(NAME)


def discovered(lab: Lab, url: str) -> tuple[int, Discovery]:
    """A draft with a good token, and what its test found."""

    async def work(context: Context) -> tuple[int, Discovery]:
        draft = await connecting.begin(context, "hubspot", api_url=url)
        await connecting.give_token(context, draft.id, DEFAULT_TOKEN)
        return draft.id, await connecting.test(context, draft.id)

    return lab.within(work)


def of(found: Discovery, name: str) -> StreamDiscovery:
    return next(stream for stream in found.streams if stream.name == name)


def test_they_are_found_with_their_counts_left_off_and_read_when_ticked(lab: Lab, portal: Start) -> None:
    _, url = portal(contacts=3, cars=7)
    draft_id, found = discovered(lab, url)
    cars = of(found, CARS)
    assert (cars.label, cars.optional, cars.ready, cars.records) == ("Voitures", True, True, 7)
    assert cars.objects[0].properties

    async def finish(context: Context) -> None:
        listed = await connecting.properties(context, draft_id, CARS)
        assert "vin" in {item.name for item in listed}
        chosen = Choices(
            name=NAME, api_url=url, streams=("contacts", CARS), excluded=(f"{CARS}.model",), frequency="manual"
        )
        await connecting.choose(context, draft_id, chosen)
        await connecting.finish(context, draft_id)

    lab.within(finish)
    assert {item.object_type: item.status.value for item in lab.sync(NAME).objects} == {
        "contacts": "synced",
        CARS: "synced",
    }
    assert lab.rows(f"SELECT count(*) FROM hubspot_{NAME}.{CARS}") == [(7,)]
    columns = lab.rows(
        f"SELECT column_name FROM information_schema.columns WHERE table_schema = 'hubspot_{NAME}'"
        f" AND table_name = '{CARS}'"
    )
    assert ("vin",) in columns
    assert ("model",) not in columns


def test_a_name_with_capitals_and_hyphens_is_as_good_as_any(lab: Lab, portal: Start) -> None:
    _, url = portal(contacts=3, cars=7, custom_name="TE_ST-obj5")
    name = "p145000001_TE_ST-obj5"
    _, found = discovered(lab, url)
    assert of(found, name).records == 7
    lab.add(NAME, url, name)
    assert lab.sync(NAME).status.value == "synced"
    assert lab.rows(f'SELECT count(*) FROM hubspot_{NAME}."{name}"') == [(7,)]


def test_one_that_was_deleted_stops_alone_and_says_so(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3, cars=7)
    lab.add(NAME, url, "contacts", CARS)
    lab.sync(NAME)
    made.configure(custom_exists=False)
    run = lab.sync(NAME)
    assert {item.object_type: (item.status.value, item.diagnosis_code) for item in run.objects} == {
        "contacts": ("synced", None),
        CARS: ("action_required", "HUBSPOT_OBJECT_TYPE_UNKNOWN"),
    }
    assert run.diagnosis_params == {"object_type": CARS}
    assert lab.rows(f"SELECT count(*) FROM hubspot_{NAME}.{CARS}") == [(7,)]
    made.configure(custom_exists=True)
    assert lab.sync(NAME).status.value == "synced"


def test_a_token_that_may_not_list_them_shows_the_others(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3)
    made.issue(DEFAULT_TOKEN, [scope for scope in ALL_READ_SCOPES if "custom" not in scope])
    _, found = discovered(lab, url)
    assert CARS not in {stream.name for stream in found.streams}
    assert of(found, "contacts").records == 3


def test_trouble_with_listing_them_or_with_one_of_them_costs_no_other_stream(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3)
    made.mischief.days = BadDays(families=("schemas",), malformed=1)
    _, found = discovered(lab, url)
    assert CARS not in {stream.name for stream in found.streams}
    assert of(found, "contacts").records == 3
    made.mischief.days = BadDays()
    scopes = [scope for scope in ALL_READ_SCOPES if scope != "crm.objects.custom.read"]
    made.issue(DEFAULT_TOKEN, scopes)
    _, found = discovered(lab, url)
    assert of(found, CARS).objects[0].missing_scope == "crm.objects.custom.read"
    assert of(found, "contacts").records == 3
