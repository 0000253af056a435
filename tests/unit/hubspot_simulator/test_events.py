"""A living account: merges, associations, calculated properties; and the same seed gives the same portal."""

from typing import Any

import pytest

from hubspot_simulator import Portal, PortalConfig
from hubspot_simulator.script import KINDS


@pytest.mark.parametrize(
    ("mode", "survivor_is_primary", "old_answer"),
    [("new_id", False, 200), ("primary_kept", True, 200), ("old_ids_gone", False, 404)],
)
async def test_three_ways_to_merge(
    ask: Any, portal: Portal, mode: Any, survivor_is_primary: bool, old_answer: int
) -> None:
    ids = portal.stores["contacts"].ids
    survivor = portal.events.merge("contacts", ids.of(20), ids.of(21), mode=mode)
    assert (survivor == ids.of(20)) is survivor_is_primary
    status, reply = await ask(f"/crm/objects/2026-09/contacts/{ids.of(21)}?properties=hs_merged_object_ids")
    assert status == old_answer
    if status == 200:
        assert reply["id"] == str(survivor)
        assert str(ids.of(21)) in reply["properties"]["hs_merged_object_ids"].split(";")
    _, page = await ask("/crm/objects/2026-09/contacts?archived=true")
    assert page["results"] == []


async def test_a_changed_association_moves_no_date(ask: Any, portal: Portal) -> None:
    contact, company = portal.stores["contacts"].ids.of(300), portal.stores["companies"].ids.of(9)
    before = portal.stores["contacts"].modified_ms(300)
    portal.events.associate("contacts", contact, "companies", company, type_id=28)
    path = "/crm/associations/2026-09/companies/contacts/batch/read"
    _, reply = await ask(path, {"inputs": [{"id": str(company)}]})
    assert contact in [each["toObjectId"] for each in reply["results"][0]["to"]]
    portal.events.disassociate("contacts", contact, "companies", company)
    _, reply = await ask(path, {"inputs": [{"id": str(company)}]})
    assert contact not in [each["toObjectId"] for result in reply["results"] for each in result["to"]]
    assert portal.stores["contacts"].modified_ms(300) == before


async def test_each_input_pages_its_associations_on_its_own(ask: Any, portal: Portal) -> None:
    path, company = "/crm/associations/2026-09/companies/contacts/batch/read", portal.stores["companies"].ids.of(0)
    found: list[int] = []
    wanted: dict[str, str] = {"id": str(company)}
    while True:
        _, reply = await ask(path, {"inputs": [wanted]})
        (result,) = reply["results"]
        found += [each["toObjectId"] for each in result["to"]]
        if "paging" not in result:
            break
        wanted["after"] = result["paging"]["next"]["after"]
    assert len(found) > 260
    assert found == sorted(set(found))


def test_associations_agree_from_both_ends(portal: Portal) -> None:
    seen = [line for line in portal.truth() if line["kind"] == "association"]
    ways = {(line["from_type"], line["from_id"], line["to_type"], line["to_id"]) for line in seen}
    assert len(ways) > 2_000
    assert all((to, to_id, origin, from_id) in ways for origin, from_id, to, to_id in ways)


def test_a_calculated_change_moves_no_date(portal: Portal) -> None:
    store = portal.stores["contacts"]
    before = store.modified_ms(4)
    portal.events.recalculate("contacts", store.ids.of(4), {"hubspotscore": "99"})
    assert (store.value(4, "hubspotscore"), store.modified_ms(4)) == ("99", before)


def test_an_unknown_record_is_named(portal: Portal) -> None:
    with pytest.raises(LookupError, match="no contact 12"):
        portal.events.archive("contacts", 12)


def test_the_seed_decides_everything() -> None:
    config = PortalConfig(contacts=30, companies=10)
    assert list(Portal(config).truth()) == list(Portal(config).truth())
    other = PortalConfig(contacts=30, companies=10, seed=2)
    assert list(Portal(config).truth()) != list(Portal(other).truth())


def test_an_empty_portal_is_a_portal() -> None:
    empty = PortalConfig(contacts=0, companies=0, deals=0, tickets=0, emails=0, calls=0)
    assert {line["type"] for line in Portal(empty).truth() if line["kind"] == "record"} >= {"notes", "cars"}


def test_the_script_plays_every_kind_when_asked(portal: Portal) -> None:
    portal.script.choose(KINDS)
    done: dict[str, int] = {}
    for _ in range(40):
        for name, count in portal.script.play(100).items():
            done[name] = done.get(name, 0) + count
    assert done.keys() == set(KINDS)
    with pytest.raises(ValueError, match="bulk_edit"):
        portal.script.choose(["explode"])


def test_twelve_thousand_records_share_one_millisecond() -> None:
    portal = Portal(PortalConfig(contacts=12_500))
    portal.script.choose(["bulk_edit"])
    portal.script.play(1)
    moments = [portal.stores["contacts"].modified_ms(index) for index in range(12_500)]
    assert moments.count(max(moments)) == 12_000
