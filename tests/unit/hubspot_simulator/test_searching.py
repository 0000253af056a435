"""Searches answer windows, keysets and refusals as HubSpot does."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hubspot_simulator import Portal, PortalConfig

_PATH = "/crm/objects/2026-09/contacts/search"


def _body(*filters: tuple[str, str, str], limit: int = 200, **rest: Any) -> dict[str, Any]:
    conditions = [{"propertyName": n, "operator": o, "value": v} for n, o, v in filters]
    return {"filterGroups": [{"filters": conditions}], "limit": limit, **rest}


async def test_contacts_answer_to_lastmodifieddate_only(ask: Any) -> None:
    _, right = await ask(_PATH, _body(("lastmodifieddate", "GTE", "1000")))
    _, wrong = await ask(_PATH, _body(("hs_lastmodifieddate", "GTE", "1000")))
    assert (right["total"], wrong["total"]) == (500, 0)


async def test_a_keyset_within_a_window_finds_each_record_once(ask: Any, portal: Portal) -> None:
    store = portal.stores["contacts"]
    low, high = 1_735_689_600_000, 1_767_225_600_000
    expected = [str(store.ids.of(i)) for i in range(store.size) if low <= store.modified_ms(i) < high]
    found: list[str] = []
    while True:
        last = found[-1] if found else "0"
        window = (("lastmodifieddate", "GTE", str(low)), ("lastmodifieddate", "LT", str(high)))
        sorts = [{"propertyName": "hs_object_id", "direction": "ASCENDING"}]
        _, page = await ask(_PATH, _body(*window, ("hs_object_id", "GT", last), limit=50, sorts=sorts))
        if not page["results"]:
            break
        found += [record["id"] for record in page["results"]]
    assert found == expected


async def test_a_bulk_edit_shares_one_millisecond(ask: Any, portal: Portal) -> None:
    store, at = portal.stores["contacts"], datetime(2026, 11, 20, 11, tzinfo=UTC)
    portal.events.bulk_edit("contacts", [store.ids.of(i) for i in range(300)], {"jobtitle": "x"}, at=at)
    moment = str(round(at.timestamp() * 1000))
    _, page = await ask(_PATH, _body(("lastmodifieddate", "EQ", moment)))
    assert page["total"] == 300
    _, page = await ask(_PATH, _body(("jobtitle", "EQ", "X")))
    assert page["total"] == 300


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"after": "9999", "limit": 200},
        {"after": "x"},
        {"sorts": [{"propertyName": "email"}, {"propertyName": "phone"}]},
        {"filterGroups": [{"filters": [{"propertyName": "email", "operator": "LIKE", "value": "a"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "nonsense", "operator": "EQ", "value": "a"}]}]},
        {"filterGroups": [{}] * 6},
    ],
)
async def test_what_hubspot_refuses_is_refused(ask: Any, body: dict[str, Any]) -> None:
    status, reply = await ask(_PATH, body)
    assert (status, reply["category"]) == (400, "VALIDATION_ERROR")


class TestTheCap:
    """More than 10,000 matches."""

    @pytest.fixture
    def config(self) -> PortalConfig:
        return PortalConfig(contacts=10_500, search_per_s=1_000)

    async def test_total_is_told_but_nothing_past_10_000_is_given(self, ask: Any) -> None:
        _, last = await ask(_PATH, {"limit": 200, "after": "9800"})
        assert (last["total"], last["paging"]["next"]["after"]) == (10_500, "10000")
        assert (await ask(_PATH, {"limit": 200, "after": "10000"}))[0] == 400
