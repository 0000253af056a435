"""Records created, changed and archived through the API."""

from typing import Any

import pytest

from hubspot_simulator import ALL_READ_SCOPES, Portal, PortalConfig

_PATH = "/crm/objects/2026-09/contacts"


@pytest.fixture
def config() -> PortalConfig:
    return PortalConfig(burst_per_10_s=1_000, scopes=(*ALL_READ_SCOPES, "crm.objects.contacts.write"))


async def test_create_update_archive(ask: Any) -> None:
    status, made = await ask(_PATH, {"properties": {"email": "a@b.example", "jobtitle": "chef"}})
    assert status == 201
    status, changed = await ask(f"{_PATH}/{made['id']}", {"properties": {"jobtitle": ""}}, method="PATCH")
    assert (status, changed["properties"]["jobtitle"]) == (200, None)
    assert await ask(f"{_PATH}/{made['id']}", method="DELETE") == (204, None)
    assert (await ask(f"{_PATH}/{made['id']}"))[0] == 404
    assert (await ask(f"{_PATH}/{made['id']}?archived=true"))[0] == 200


async def test_an_unknown_property_is_named(ask: Any) -> None:
    status, reply = await ask(_PATH, {"properties": {"missing": "x"}})
    assert (status, reply["category"]) == (400, "VALIDATION_ERROR")
    assert "PROPERTY_DOESNT_EXIST" in reply["message"]


async def test_writing_needs_its_scope(ask: Any) -> None:
    status, reply = await ask("/crm/objects/2026-09/deals", {"properties": {}})
    assert status == 403
    assert reply["errors"][0]["context"]["requiredGranularScopes"] == ["crm.objects.deals.write"]


async def test_merge_mints_a_new_id(ask: Any, portal: Portal) -> None:
    first, second = (str(portal.stores["contacts"].ids.of(index)) for index in (1, 2))
    body = {"primaryObjectId": first, "objectIdToMerge": second}
    status, survivor = await ask(f"{_PATH}/merge", body)
    assert status == 200
    assert survivor["id"] not in (first, second)
    assert survivor["properties"]["hs_merged_object_ids"] == f"{first};{second}"
