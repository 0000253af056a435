"""Mishaps happen when asked for, and only then."""

from typing import Any

import aiohttp
import msgspec
import pytest

from hubspot_simulator import DEFAULT_TOKEN, BadDays, Portal, serve

_HEADERS = {"Authorization": f"Bearer {DEFAULT_TOKEN}"}


@pytest.mark.parametrize("status", [429, 423, 477, 500, 502, 503, 504, 521, 522, 523, 524])
async def test_statuses_without_a_cause(ask: Any, portal: Portal, status: int) -> None:
    portal.mischief.days = msgspec.convert({f"rate_{status}": 1.0, "families": ["objects"]}, BadDays)
    assert (await ask("/crm/objects/2026-09/contacts"))[0] == status
    assert (await ask("/crm/owners/2026-09"))[0] == 200


@pytest.mark.parametrize("days", [BadDays(reset=1), BadDays(truncated=1)])
async def test_connections_break(portal: Portal, days: BadDays) -> None:
    portal.mischief.days = days
    async with serve(portal) as server, aiohttp.ClientSession(headers=_HEADERS) as session:
        with pytest.raises(aiohttp.ClientError):
            async with session.get(f"{server.url}/crm/objects/2026-09/contacts") as response:
                await response.read()


async def test_malformed_json(ask: Any, portal: Portal) -> None:
    portal.mischief.days = BadDays(malformed=1)
    with pytest.raises(msgspec.DecodeError):
        await ask("/crm/objects/2026-09/contacts")


async def test_short_pages_keep_their_cursor_and_duplicates_repeat_a_row(ask: Any, portal: Portal) -> None:
    portal.mischief.days = BadDays(short_pages=1, duplicate_rows=1)
    _, first = await ask("/crm/objects/2026-09/contacts?limit=10")
    _, second = await ask(f"/crm/objects/2026-09/contacts?limit=10&after={first['paging']['next']['after']}")
    assert len(first["results"]) == 5
    assert second["results"][0]["id"] == first["results"][-1]["id"]


async def test_a_repeating_cursor_leads_nowhere(ask: Any, portal: Portal) -> None:
    portal.mischief.days = BadDays(repeating_cursor=1)
    _, first = await ask("/crm/objects/2026-09/contacts?limit=10")
    assert first["paging"]["next"]["after"] == first["results"][0]["id"]


async def test_search_lags_and_disorder(ask: Any, portal: Portal) -> None:
    contact = portal.stores["contacts"].ids.of(2)
    portal.events.edit("contacts", contact, {"jobtitle": "late"})
    body = {"filterGroups": [{"filters": [{"propertyName": "jobtitle", "operator": "EQ", "value": "late"}]}]}
    portal.mischief.days = BadDays(search_lag_s=60)
    assert (await ask("/crm/objects/2026-09/contacts/search", body))[1]["total"] == 0
    portal.mischief.days = BadDays(search_disorder=1)
    assert (await ask("/crm/objects/2026-09/contacts/search", body))[1]["total"] == 1
    _, page = await ask("/crm/objects/2026-09/contacts/search", {"limit": 100})
    ids = [int(record["id"]) for record in page["results"]]
    assert ids != sorted(ids)


async def test_a_record_that_moved_to_a_page_already_read_is_missed(ask: Any, portal: Portal) -> None:
    portal.mischief.days = BadDays(moving_rows=1)
    _, first = await ask("/crm/objects/2026-09/contacts?limit=10")
    _, second = await ask(f"/crm/objects/2026-09/contacts?limit=10&after={first['paging']['next']['after']}")
    ids = [portal.stores["contacts"].ids.of(index) for index in range(19)]
    assert [int(record["id"]) for record in [*first["results"], *second["results"]]] == [*ids[:9], *ids[10:]]


async def test_a_stall_keeps_the_answer_back(portal: Portal) -> None:
    portal.mischief.days = BadDays(stall=1, stall_s=600)
    timeout = aiohttp.ClientTimeout(total=0.2)
    async with serve(portal) as server, aiohttp.ClientSession(headers=_HEADERS, timeout=timeout) as session:
        with pytest.raises(TimeoutError):
            async with session.get(f"{server.url}/crm/objects/2026-09/contacts"):
                pass
    assert portal.statistics.requests == 1


async def test_opaque_cursors_lead_on_and_made_up_ones_are_refused(ask: Any, portal: Portal) -> None:
    portal.configure(opaque_cursors=True)
    _, first = await ask("/crm/objects/2026-09/contacts?limit=10")
    after = first["paging"]["next"]["after"]
    assert not after.isdigit()
    _, second = await ask(f"/crm/objects/2026-09/contacts?limit=10&after={after}")
    assert int(second["results"][0]["id"]) == portal.stores["contacts"].ids.of(10)
    assert (await ask("/crm/objects/2026-09/contacts?after=made-up"))[0] == 400


async def test_a_migration_says_how_long(portal: Portal) -> None:
    portal.mischief.days = BadDays(rate_477=1, migration_retry_after_s=7_200)
    async with (
        serve(portal) as server,
        aiohttp.ClientSession(headers=_HEADERS) as session,
        session.get(f"{server.url}/crm/objects/2026-09/contacts") as response,
    ):
        assert (response.status, response.headers["Retry-After"]) == (477, "7200")


async def test_token_endpoints_suffer_only_when_they_are_named(ask: Any, portal: Portal) -> None:
    portal.mischief.days = BadDays(rate_503=1)
    assert (await ask("/oauth/2026-09/token", {}, token=""))[0] == 400
    portal.mischief.days = BadDays(rate_503=1, families=("oauth",))
    assert (await ask("/oauth/2026-09/token", {}, token=""))[0] == 503
