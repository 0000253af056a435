"""The oldest paths, which other connectors still read."""

from typing import Any

import pytest

from hubspot_simulator import Portal


@pytest.mark.parametrize(
    ("path", "name", "key", "more"),
    [
        ("/companies/v2/companies/paged", "companies", "companyId", "has-more"),
        ("/deals/v1/deal/paged", "deals", "dealId", "hasMore"),
    ],
)
async def test_pages_by_offset_bring_every_live_record_once(
    ask: Any, portal: Portal, path: str, name: str, key: str, more: str
) -> None:
    store = portal.stores[name]
    portal.events.archive(name, store.ids.of(3))
    found, offset = [], 0
    while True:
        _, page = await ask(f"{path}?limit=40&offset={offset}&properties=hs_lastmodifieddate")
        found += [record[key] for record in page[name]]
        offset = page["offset"]
        if not page[more]:
            break
    assert found == [store.ids.of(index) for index in store.live_indices()]


async def test_one_company_has_its_values_with_their_moments(ask: Any, portal: Portal) -> None:
    store = portal.stores["companies"]
    _, record = await ask(f"/companies/v2/companies/{store.ids.of(5)}")
    assert record["properties"]["name"]["value"] == store.value(5, "name")
    assert record["properties"]["hs_lastmodifieddate"]["timestamp"] == store.modified_ms(5)
    assert None not in [each["value"] for each in record["properties"].values()]
    assert (await ask("/companies/v2/companies/12"))[0] == 404


async def test_recent_records_come_latest_first(ask: Any, portal: Portal) -> None:
    store = portal.stores["deals"]
    portal.events.edit("deals", store.ids.of(9), {"dealname": "x"})
    _, page = await ask("/deals/v1/deal/recent/modified?count=5")
    assert page["results"][0]["dealId"] == store.ids.of(9)
    assert (page["hasMore"], page["offset"], page["total"]) == (True, 5, 200)


async def test_a_deals_links_when_asked(ask: Any, portal: Portal) -> None:
    pair = ("deals", "contacts")
    index = next(i for i in range(200) if portal.links.of(pair, i))
    deal = portal.stores["deals"].ids.of(index)
    _, page = await ask(f"/deals/v1/deal/paged?limit=1&offset={deal - 1}&includeAssociations=true")
    linked = [portal.stores["contacts"].ids.of(other) for other, _ in portal.links.of(pair, index)]
    assert page["deals"][0]["associations"]["associatedVids"] == linked


async def test_properties_and_pipelines(ask: Any, portal: Portal) -> None:
    for path in ("/properties/v1/deals/properties", "/properties/v2/deal/properties"):
        assert {each["name"] for each in (await ask(path))[1]} == set(portal.stores["deals"].properties)
    assert (await ask("/companies/v2/properties"))[0] == 200
    _, old = await ask("/deals/v1/pipelines")
    assert [each["pipelineId"] for each in old] == ["default", "75104332"]
    _, newer = await ask("/crm-pipelines/v1/pipelines/deals")
    assert newer["results"][0]["stages"][0]["stageId"] == "appointmentscheduled"


async def test_associations_of_v3_have_ids_and_names(ask: Any, portal: Portal) -> None:
    company = portal.stores["companies"].ids.of(0)
    path = "/crm/v3/associations/company/contact"
    _, reply = await ask(f"{path}/batch/read", {"inputs": [{"id": company}]})  # a number, as a connector sends it
    (result,) = reply["results"]
    assert {"id", "type"} == result["to"][0].keys()
    assert {each["type"] for each in result["to"]} == {"company_to_contact", "primary", "billing_contact"}
    assert (await ask(f"{path}/types"))[1]["results"][0] == {"id": "280", "name": "company_to_contact"}


async def test_search_reads_numbers_where_it_wants_text(ask: Any) -> None:
    filters = [{"propertyName": "createdate", "operator": "GTE", "value": 1_000}]
    _, page = await ask("/crm/v3/objects/deals/search", {"filters": filters, "limit": 1})
    assert page["total"] == 200


async def test_types_without_records_answer_by_their_scopes(ask: Any, portal: Portal) -> None:
    assert (await ask("/crm/objects/2026-09/orders"))[0] == 403
    portal.grants[portal.config.token].scopes.update(["crm.objects.orders.read"])
    assert await ask("/crm/objects/2026-09/orders") == (200, {"results": []})
