"""The admin API moves the clock, changes switches, makes events and tells the truth."""

from typing import Any

import aiohttp
import msgspec
import pytest

from hubspot_simulator import DEFAULT_CLIENT_SECRET, DEFAULT_TOKEN, Portal, PortalConfig, serve
from hubspot_simulator.admin import EVENTS


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


async def test_another_account_is_spoken_to_by_its_id(ask: Any, portal: Portal) -> None:
    second = Portal(PortalConfig(portal_id=145_000_002, token="pat-eu1-second", contacts=3), accounts=portal.accounts)
    assert (await ask("/_simulator/state?portal=145000002"))[1]["records"]["contacts"]["live"] == 3
    await ask("/_simulator/bad-days?portal=145000002", {"rate_500": 1})
    assert (second.mischief.days.rate_500, portal.mischief.days.rate_500) == (1, 0)
    status, reply = await ask("/_simulator/state?portal=7")
    assert status == 400
    assert "145000002" in reply["message"]


async def test_every_sample_event_works(ask: Any, portal: Portal) -> None:
    portal.events.archive("contacts", portal.stores["contacts"].ids.of(9))
    _, samples = await ask("/_simulator/events")
    assert samples.keys() == set(EVENTS)
    order = ["create", "edit", "bulk_edit", "recalculate", "move_stage", "restore", "associate", "disassociate"]
    order += ["add_property", "retype_property", "archive_property", "merge"]
    for name in order:
        status, reply = await ask("/_simulator/events", {"event": name, "arguments": samples[name]})
        assert status == 200, (name, reply)


async def test_the_state_tells_no_secret_and_no_whole_token(ask: Any, portal: Portal) -> None:
    _, state = await ask("/_simulator/state")
    text = str(state)
    assert DEFAULT_TOKEN not in text
    assert DEFAULT_CLIENT_SECRET not in text
    (entry,) = state["tokens"]
    assert (await ask("/_simulator/tokens", {"id": entry["id"], "revoke": True}))[0] == 200
    assert (await ask("/crm/objects/2026-09/contacts"))[0] == 401


async def test_a_page_of_another_site_may_change_nothing(portal: Portal) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    async with (
        serve(portal) as server,
        aiohttp.ClientSession(server.url, headers=headers) as session,
        session.post("/_simulator/clock", data=b'{"freeze": true}') as response,
    ):
        assert response.status == 403
