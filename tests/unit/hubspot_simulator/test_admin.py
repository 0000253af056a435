"""The admin API moves the clock, changes switches, makes events and tells the truth."""

from typing import Any

import aiohttp
import msgspec
import pytest

from hubspot_simulator import DEFAULT_TOKEN, Portal, serve


async def test_an_expired_token_says_when(ask: Any) -> None:
    await ask("/_simulator/tokens", {"token": "t", "scopes": ["crm.objects.contacts.read"], "expires_in_s": 1_800})
    assert (await ask("/crm/objects/2026-09/contacts", token="t"))[0] == 200
    await ask("/_simulator/clock", {"advance_s": 1_801})
    status, reply = await ask("/crm/objects/2026-09/contacts", token="t")
    assert (status, reply["category"]) == (401, "EXPIRED_AUTHENTICATION")
    assert reply["context"]["expire time"] == ["2026-11-20T12:30:00.000Z"]


async def test_a_scope_taken_away_in_the_middle(ask: Any) -> None:
    assert (await ask("/crm/objects/2026-09/deals"))[0] == 200
    await ask("/_simulator/tokens", {"token": DEFAULT_TOKEN, "scopes": ["crm.objects.contacts.read"]})
    assert (await ask("/crm/objects/2026-09/deals"))[0] == 403
    await ask("/_simulator/tokens", {"token": DEFAULT_TOKEN, "revoke": True})
    assert (await ask("/crm/objects/2026-09/contacts"))[0] == 401


async def test_events_by_call(ask: Any, portal: Portal) -> None:
    contact = portal.stores["contacts"].ids.of(2)
    arguments = {"object_type": "contacts", "object_id": contact, "values": {"jobtitle": "chef"}}
    assert (await ask("/_simulator/events", {"event": "edit", "arguments": arguments}))[0] == 200
    _, record = await ask(f"/crm/objects/2026-09/contacts/{contact}?properties=jobtitle")
    assert (record["properties"]["jobtitle"], record["updatedAt"]) == ("chef", "2026-11-20T12:00:00.000Z")


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("bad-days", {"rate_418": 1}, "rate_500"),
        ("bad-days", {"reset": 2}, "between 0 and 1"),
        ("config", {"seed": 2}, "latency_ms"),
        ("config", {"burst_per_10_s": 0}, "at least 1"),
        ("events", {"event": "explode"}, "bulk_edit"),
        ("events", {"event": "archive", "arguments": {"object_type": "contacts", "object_id": 1}}, "no contact 1"),
        ("clock", {"set": "soon"}, "ISO 8601"),
    ],
)
async def test_a_bad_switch_names_what_is_allowed(ask: Any, path: str, body: Any, named: str) -> None:
    status, reply = await ask(f"/_simulator/{path}", body)
    assert status == 400
    assert named in reply["message"]


async def test_truth_streams_as_lines_and_the_script_is_repeatable(portal: Portal) -> None:
    twin = Portal(portal.config)
    twin.clock.freeze(portal.clock.now())
    assert portal.script.play(200) == twin.script.play(200)
    async with (
        serve(portal) as server,
        aiohttp.ClientSession() as session,
        session.get(f"{server.url}/_simulator/truth") as response,
    ):
        lines = (await response.read()).splitlines()
    assert [msgspec.json.decode(line) for line in lines] == list(twin.truth())
