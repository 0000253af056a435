"""Rate limits, tokens and scopes."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from hubspot_simulator import Portal, PortalConfig, serve


@pytest.fixture
def config() -> PortalConfig:
    scopes = ("oauth", "crm.objects.contacts.read")
    return PortalConfig(burst_per_10_s=5, search_per_s=2, association_burst_per_10_s=3, daily_limit=9, scopes=scopes)


async def test_the_rolling_window_opens_again_after_ten_seconds(ask: Any, portal: Portal) -> None:
    statuses = [(await ask("/crm/owners/2026-09"))[0] for _ in range(5)]
    assert statuses == [403] * 5  # a refused call counts
    status, reply = await ask("/crm/objects/2026-09/contacts")
    assert (status, reply["policyName"]) == (429, "TEN_SECONDLY_ROLLING")
    portal.clock.advance(timedelta(seconds=10))
    assert (await ask("/crm/objects/2026-09/contacts"))[0] == 200
    assert portal.statistics.rate_limited == 1


async def test_search_and_associations_have_buckets_of_their_own(ask: Any) -> None:
    path = "/crm/objects/2026-09/contacts/search"
    assert [(await ask(path, {}))[0] for _ in range(3)] == [200, 200, 429]
    path = "/crm/associations/2026-09/contacts/contacts/batch/read"
    assert [(await ask(path, {"inputs": []}))[0] for _ in range(4)] == [200, 200, 200, 429]


async def test_the_day_ends_at_midnight_in_the_accounts_time_zone(ask: Any, portal: Portal) -> None:
    for _ in range(9):
        portal.clock.advance(timedelta(seconds=4))
        assert (await ask("/crm/objects/2026-09/contacts"))[0] == 200
    status, reply = await ask("/crm/objects/2026-09/contacts")
    assert (status, reply["policyName"]) == (429, "DAILY")
    portal.clock.advance(timedelta(hours=11))
    assert (await ask("/crm/objects/2026-09/contacts"))[0] == 200


async def test_a_missing_scope_is_named(ask: Any) -> None:
    status, reply = await ask("/crm/objects/2026-09/emails")
    assert (status, reply["category"]) == (403, "MISSING_SCOPES")
    assert reply["errors"][0]["context"]["requiredGranularScopes"] == ["sales-email-read"]


async def test_a_bad_token_is_401(ask: Any) -> None:
    status, reply = await ask("/crm/objects/2026-09/contacts", token="pat-eu1-nobody")
    assert (status, reply["category"]) == (401, "INVALID_AUTHENTICATION")


async def test_associations_have_a_day_of_their_own(ask: Any, portal: Portal) -> None:
    portal.configure(association_daily_limit=2, daily_limit=None)
    path = "/crm/associations/2026-09/contacts/contacts/batch/read"
    assert [(await ask(path, {"inputs": []}))[0] for _ in range(3)] == [200, 200, 429]
    assert (await ask("/crm/objects/2026-09/contacts"))[0] == 200
    portal.clock.advance(timedelta(days=1))
    assert (await ask(path, {"inputs": []}))[0] == 200


async def test_headers_tell_the_limits_except_on_search(portal: Portal) -> None:
    headers = {"Authorization": f"Bearer {portal.config.token}"}
    async with serve(portal) as server, aiohttp.ClientSession(server.url, headers=headers) as session:
        async with session.get("/crm/objects/2026-09/contacts") as response:
            found = response.headers
            assert found["X-HubSpot-RateLimit-Max"] == "5"
            assert found["X-HubSpot-RateLimit-Remaining"] == "4"
            assert found["X-HubSpot-RateLimit-Daily-Remaining"] == "8"
        async with session.post("/crm/objects/2026-09/contacts/search", json={}) as response:
            assert not [name for name in response.headers if "ratelimit" in name.lower()]


async def test_a_request_counts_on_arrival_and_not_when_its_latency_is_over(portal: Portal) -> None:
    portal.configure(latency_ms=600_000)
    headers = {"Authorization": f"Bearer {portal.config.token}"}
    async with serve(portal) as server, aiohttp.ClientSession(server.url, headers=headers) as session:
        pending = [asyncio.create_task(_status(session)) for _ in range(6)]
        done, waiting = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        assert [task.result() for task in done] == [429]
        assert len(waiting) == 5
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)


async def test_network_jitter_comes_before_the_count(portal: Portal) -> None:
    portal.configure(network_jitter_ms=600_000)
    headers = {"Authorization": f"Bearer {portal.config.token}"}
    async with serve(portal) as server, aiohttp.ClientSession(server.url, headers=headers) as session:
        task = asyncio.create_task(_status(session))
        await asyncio.wait([task], timeout=0.1)
        task.cancel()
    assert portal.limits.used_today() == 0


async def _status(session: aiohttp.ClientSession) -> int:
    async with session.get("/crm/objects/2026-09/contacts") as response:
        return response.status


async def test_a_long_address_is_414(ask: Any) -> None:
    names = ",".join(f"property_{n:04d}" for n in range(1_200))
    assert (await ask(f"/crm/objects/2026-09/contacts?properties={names}"))[0] == 414


async def test_no_more_than_250_identities(ask: Any, portal: Portal) -> None:
    portal.grants[portal.config.token].scopes.add("crm.objects.contacts.write")
    ids = portal.stores["contacts"].ids
    merged = ";".join(str(n) for n in range(249))
    portal.events.edit("contacts", ids.of(1), {"hs_merged_object_ids": merged})
    body = {"primaryObjectId": str(ids.of(1)), "objectIdToMerge": str(ids.of(2))}
    status, reply = await ask("/crm/objects/2026-09/contacts/merge", body)
    assert status == 414
    assert "250 identities" in reply["message"]
