"""Rate limits, tokens and scopes."""

from datetime import timedelta
from typing import Any

import pytest

from hubspot_simulator import Portal, PortalConfig


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
