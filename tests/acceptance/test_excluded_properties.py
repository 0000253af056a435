"""An excluded property never leaves HubSpot: no request names it."""

import pytest

from hubspot_simulator import DEFAULT_TOKEN, Portal
from hubspot_simulator.projection import Projection, Projections, RenderCache
from hubspot_simulator.store import ObjectStore
from ontologie.model.run import RunStatus
from ontologie.services import sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from tests.lab import Lab, ids, progress

FEW = {"companies": 0, "deals": 0, "tickets": 0}


class Noting(Projections):
    """Notes the properties that each answer with records was asked for."""

    def __init__(self, store: ObjectStore, portal_id: int) -> None:
        super().__init__(store, portal_id, RenderCache())
        self.asked: list[tuple[str, ...]] = []

    def of(self, names: tuple[str, ...]) -> Projection:
        self.asked.append(names)
        return super().of(names)


def noting(account: Portal) -> Noting:
    made = Noting(account.store("contacts"), account.config.portal_id)
    account.projections["contacts"] = made
    return made


def add(lab: Lab, name: str, url: str, *excluded: str) -> None:
    async def work(context: Context) -> None:
        request = SourceRequest(
            name=name,
            connector="hubspot",
            token=DEFAULT_TOKEN,
            api_url=url,
            streams=("contacts",),
            excluded=excluded,
            frequency="manual",
        )
        await sources.add(context, request)

    lab.within(work)


def live(account: Portal) -> None:
    """Whatever makes a connector ask for records: changed, deleted, erased, merged, and new ones."""
    every = list(ids(account, "contacts"))
    account.events.edit("contacts", every[0], {"jobtitle": "Changed", "phone": "+33 1"})
    account.events.archive("contacts", every[1])
    account.events.gdpr_delete("contacts", every[2])
    account.events.merge("contacts", every[3], every[4], "primary_kept")
    account.script.play(20)


def columns(lab: Lab, name: str) -> set[object]:
    found = "select column_name from information_schema.columns where table_name = 'contacts' and table_schema = "
    return {row[0] for row in lab.rows(f"{found}'hubspot_{name}'")}


def test_no_request_names_it_whatever_happens(lab: Lab, portal) -> None:
    account, url = portal(contacts=450, contact_properties=60, **FEW)
    seen = noting(account)
    add(lab, "unasked", url, "contacts.jobtitle", "contacts.phone")
    lab.sync("unasked")
    for check in (False, True):
        live(account)
        assert lab.sync("unasked", check=check).status is RunStatus.SYNCED
    asked = {name for names in seen.asked for name in names}
    assert {"email", "city"} <= asked, "what is not excluded is asked for"
    assert not asked & {"jobtitle", "phone"}


@pytest.mark.parametrize("ours", ["hs_merged_object_ids", "lastmodifieddate"])
def test_a_property_that_tells_us_of_changes_may_be_excluded_too(lab: Lab, portal, ours: str) -> None:
    account, url = portal(contacts=120, **FEW)
    name = f"unasked_{ours[:6]}"
    add(lab, name, url, f"contacts.{ours}")
    lab.sync(name)
    live(account)
    assert lab.sync(name).status is RunStatus.SYNCED
    account.events.merge("contacts", *list(ids(account, "contacts"))[10:12], "primary_kept")
    told = progress(lab.sync(name, check=True), "contacts").compared
    if ours == "hs_merged_object_ids":
        assert (told.gone, told.merged) == (1, 2), "an erased one, and the merges that only a full check finds"
    assert ours not in columns(lab, name)
    rest = "where _archived_at is null and _purged_at is null"
    stored = {row[0] for row in lab.rows(f"select id from hubspot_{name}.contacts {rest}")}
    assert stored == set(ids(account, "contacts"))
    assert lab.rows(f"select count(*) from hubspot_{name}.merges") == [(2,)]
