"""Lists page by the id of the next record, whatever happened to the records in between."""

from typing import Any

from hubspot_simulator import Portal


async def _all(ask: Any, path: str) -> list[dict[str, Any]]:
    found, after = [], ""
    while True:
        status, page = await ask(f"{path}&after={after}")
        assert status == 200
        found += page["results"]
        if "paging" not in page:
            return found
        after = page["paging"]["next"]["after"]


async def test_every_record_comes_once_in_rising_order(ask: Any) -> None:
    ids = [int(record["id"]) for record in await _all(ask, "/crm/objects/2026-09/contacts?limit=100")]
    assert len(ids) == 500
    assert ids == sorted(set(ids))
    assert {len(str(each)) for each in ids} == {12, 13}


async def test_any_id_works_as_a_start(ask: Any, portal: Portal) -> None:
    store = portal.stores["contacts"]
    _, page = await ask(f"/crm/v3/objects/contact?limit=1&after={store.ids.of(10) + 1}")
    assert page["results"][0]["id"] == str(store.ids.of(11))


async def test_asked_and_empty_is_null_and_unknown_names_are_ignored(ask: Any) -> None:
    _, page = await ask("/crm/objects/2026-09/0-1?limit=100&properties=lastname,jobtitle,nonsense")
    first = page["results"][0]["properties"]
    assert set(first) == {"createdate", "lastmodifieddate", "hs_object_id", "lastname", "jobtitle"}
    assert any(record["properties"]["jobtitle"] is None for record in page["results"])


async def test_archived_records_move_to_the_archived_list(ask: Any, portal: Portal) -> None:
    gone = portal.stores["deals"].ids.of(5)
    portal.events.archive("deals", gone)
    assert str(gone) not in [record["id"] for record in await _all(ask, "/crm/objects/2026-09/deals?limit=100")]
    (archived,) = await _all(ask, "/crm/objects/2026-09/deals?limit=100&archived=true")
    assert (archived["id"], archived["archivedAt"]) == (str(gone), "2026-11-20T12:00:00.000Z")
    portal.events.restore("deals", gone)
    assert await _all(ask, "/crm/objects/2026-09/deals?limit=100&archived=true") == []


async def test_limits_are_hubspots(ask: Any) -> None:
    assert (await ask("/crm/objects/2026-09/contacts?limit=101"))[0] == 400
    assert (await ask("/crm/objects/2026-09/contacts?limit=51&propertiesWithHistory=email"))[0] == 400
    assert (await ask("/crm/objects/2026-09/contacts?properties=" + "x" * 16_000))[0] in (400, 414)


async def test_a_page_equals_the_truth(ask: Any, portal: Portal) -> None:
    truth = {line["id"]: line for line in portal.truth() if line["kind"] == "record" and line["type"] == "companies"}
    names = ",".join(portal.stores["companies"].properties)
    for record in await _all(ask, f"/crm/objects/2026-09/companies?limit=100&properties={names}"):
        assert record["properties"] == truth[int(record["id"])]["properties"]


async def test_batch_read_is_207_when_an_id_is_missing(ask: Any, portal: Portal) -> None:
    known = str(portal.stores["contacts"].ids.of(1))
    status, reply = await ask("/crm/objects/2026-09/contacts/batch/read", {"inputs": [{"id": known}, {"id": "9"}]})
    assert (status, reply["numErrors"], reply["errors"][0]["context"]) == (207, 1, {"ids": ["9"]})
    assert [record["id"] for record in reply["results"]] == [known]
    status, reply = await ask("/crm/objects/2026-09/contacts/batch/read", {"inputs": [{"id": "1"}] * 101})
    assert (status, reply["category"]) == (400, "VALIDATION_ERROR")
