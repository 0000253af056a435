"""An account's own object types: found by the test of the connection, left off, read when they are ticked."""

from collections.abc import Callable, Iterator

import pytest

from hubspot_simulator import ALL_READ_SCOPES, DEFAULT_TOKEN, BadDays, Portal
from ontologie.errors import AuthorizationLost, ScopeMissing
from ontologie.model.discovery import Discovery, StreamDiscovery
from ontologie.model.object_types import Called
from ontologie.services import connecting, health, source_changes, sources
from ontologie.services.connecting import Choices
from ontologie.services.context import Context
from ontologie.services.source_changes import OwnStreams
from tests.installation import Installation
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
        source = await connecting.finish(context, draft_id)
        assert source.called == {CARS: Called(one="Voiture", many="Voitures")}

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


def own(lab: Lab) -> OwnStreams:
    return lab.within(lambda context: source_changes.own_streams(context, NAME))


def called(lab: Lab) -> dict[str, Called]:
    async def work(context: Context) -> dict[str, Called]:
        return (await sources.find(context, NAME)).called

    return lab.within(work)


def test_those_of_a_connected_account_are_listed_as_they_are_now(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3, cars=7, custom_exists=False)
    lab.add(NAME, url, "contacts")
    assert own(lab) == OwnStreams(offered={}, gone=())
    made.configure(custom_exists=True)
    offered = own(lab).offered
    assert offered == {CARS: Called(one="Voiture", many="Voitures")} == called(lab)
    lab.within(lambda context: source_changes.set_streams(context, NAME, ["contacts", *offered], {}))
    assert own(lab) == OwnStreams(offered={}, gone=())
    made.configure(custom_exists=False)
    assert own(lab) == OwnStreams(offered={}, gone=(CARS,))
    assert called(lab) == offered, "what is gone keeps its name"
    made.issue(DEFAULT_TOKEN, [scope for scope in ALL_READ_SCOPES if "custom" not in scope])
    with pytest.raises(ScopeMissing):
        own(lab)
    made.revoke(DEFAULT_TOKEN)
    with pytest.raises(AuthorizationLost) as lost:
        own(lab)
    assert lost.value.code == "HUBSPOT_TOKEN_REVOKED"


def test_the_terminal_calls_them_as_the_account_does_now(
    lab: Lab, installation: Installation, portal: Start
) -> None:
    made, url = portal(contacts=3, cars=7)
    lab.add(NAME, url, "contacts", CARS)
    said = installation.run("sync", NAME, "--check")
    assert "Voitures" in said
    assert CARS not in said
    assert f"Voitures ({CARS})" in installation.run("source", "show", NAME), "the name to type"
    made.configure(custom_plural="Véhicules", custom_singular="Véhicule")
    lab.sync(NAME, check=True)
    assert called(lab) == {CARS: Called(one="Véhicule", many="Véhicules")}
    made.configure(custom_exists=False)
    said = installation.run("sync", NAME, expect=4)
    assert "The HubSpot account has no object type Véhicules" in said
    said = installation.run("status")
    assert f"• {NAME}: The HubSpot account has no object type Véhicules" in said
    assert CARS not in said
    made.revoke(DEFAULT_TOKEN)
    lab.sync(NAME)
    assert f"• {NAME}: HubSpot no longer accepts the credentials" in installation.run("status"), "stopped as a whole"
    assert "HUBSPOT_TOKEN_REVOKED" in installation.run("status", "--json")
    made.issue(DEFAULT_TOKEN, ALL_READ_SCOPES)
    lab.sync(NAME)
    checked = {item.check: item for item in lab.within(lambda context: health.check(context, lab.home, NAME))}
    assert checked[f"source {NAME}, Véhicules"].code == "HUBSPOT_OBJECT_TYPE_UNKNOWN"
    assert checked[f"source {NAME}, Véhicules, last run"].code == "HUBSPOT_OBJECT_TYPE_UNKNOWN"


def test_a_name_with_capitals_and_hyphens_is_as_good_as_any(lab: Lab, portal: Start) -> None:
    _, url = portal(contacts=3, cars=7, custom_name="TE_ST-obj5")
    name = "p145000001_TE_ST-obj5"
    _, found = discovered(lab, url)
    assert of(found, name).records == 7
    lab.add(NAME, url, name)
    assert lab.sync(NAME).status.value == "synced"
    assert lab.rows(f'SELECT count(*) FROM hubspot_{NAME}."{name}"') == [(7,)]


def test_a_name_that_is_too_long_for_a_table_goes_by_its_id(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3, cars=7, custom_name="car_" * 20)
    name = made.kind("cars").type_id
    draft_id, found = discovered(lab, url)
    assert (of(found, name).records, of(found, name).label) == (7, "Voitures")

    async def finish(context: Context) -> None:
        chosen = Choices(
            name=NAME, api_url=url, streams=("contacts", name), excluded=(f"{name}.model",), frequency="manual"
        )
        await connecting.choose(context, draft_id, chosen)
        await connecting.finish(context, draft_id)

    lab.within(finish)
    for check in (False, True):
        assert lab.sync(NAME, check=check).status.value == "synced"
    assert lab.rows(f'SELECT count(vin) FROM hubspot_{NAME}."{name}"') == [(7,)]


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
    assert of(found, CARS).objects[0].problem_params["scope"] == "crm.objects.custom.read"
    assert of(found, "contacts").records == 3
