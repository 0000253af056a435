"""The wizard's steps against a simulated portal: kept, tested, finished, and never showing a secret."""

from collections.abc import Callable

import pytest

from hubspot_simulator import DEFAULT_TOKEN, Portal
from ontologie.errors import ActionRequired, AuthorizationLost, UsageError
from ontologie.model.draft import Choices
from ontologie.services import connecting, sources
from ontologie.services.context import Context
from tests.lab import Lab

Start = Callable[..., tuple[Portal, str]]


async def connected(context: Context, url: str, token: str = DEFAULT_TOKEN) -> int:
    """A draft with a token."""
    draft = await connecting.begin(context, "hubspot", api_url=url)
    await connecting.give_token(context, draft.id, f" {token}\n")
    return draft.id


def test_a_test_tells_the_account_the_counts_the_properties_and_the_limits(lab: Lab, portal: Start) -> None:
    _, url = portal(contacts=30, companies=7, burst_per_10_s=190, daily_limit=625_000, contact_properties=40)

    async def work(context: Context) -> None:
        found = await connecting.test(context, await connected(context, url))
        assert found.account.portal_id > 0
        assert found.account.time_zone == "Europe/Paris"
        assert {stream.name: stream.ready for stream in found.streams if not stream.optional} == dict.fromkeys(
            ("contacts", "companies", "deals", "tickets", "engagements"), True
        )
        contacts = found.streams[0].objects[0]
        assert (contacts.records, contacts.properties) == (30, 40)
        assert contacts.custom_properties is not None
        assert found.limits.requests == 190
        assert found.limits.daily == 625_000
        assert found.limits.daily_left is not None
        assert found.limits.plan == "professional"
        assert found.estimate.duration.total_seconds() >= 10

    lab.within(work)


def test_a_locked_stream_names_the_scope_and_the_others_are_ready(lab: Lab, portal: Start) -> None:
    _, url = portal(contacts=3, scopes=("oauth", "crm.objects.contacts.read", "crm.objects.companies.read"))

    async def work(context: Context) -> None:
        found = {item.name: item for item in (await connecting.test(context, await connected(context, url))).streams}
        assert found["contacts"].ready
        assert not found["deals"].ready
        problem = found["deals"].problem
        assert problem is not None
        assert problem.problem_params["scope"] == "crm.objects.deals.read"
        assert found["engagements"].ready
        assert not found["engagements"].complete

    lab.within(work)


def test_a_draft_is_gone_on_with_and_becomes_a_source(lab: Lab, portal: Start) -> None:
    _, url = portal(contacts=3)

    async def work(context: Context) -> None:
        draft_id = await connected(context, url)
        await connecting.test(context, draft_id)
        chosen = Choices(name="wizard", api_url="http://elsewhere.example", streams=("contacts",), step=3)
        await connecting.choose(context, draft_id, chosen)
        again = await connecting.find(context, draft_id)
        assert again.choices.step == 3
        assert again.choices.api_url == url  # credentials were given for this one
        assert again.discovery is not None
        assert again.via == "token"
        source = await connecting.finish(context, draft_id)
        assert source.streams == ("contacts",)
        with pytest.raises(UsageError) as raised:
            await connecting.find(context, draft_id)
        assert raised.value.code == "DRAFT_UNKNOWN"
        await sources.remove(context, "wizard", with_data=True)

    lab.within(work)


@pytest.mark.parametrize("token", ["", "short", "pat-eu1 with blanks in it", "pat-€", "x" * 600])
def test_a_malformed_token_is_refused_without_asking_anybody(lab: Lab, portal: Start, token: str) -> None:
    _, url = portal(contacts=1)

    async def work(context: Context) -> None:
        draft = await connecting.begin(context, "hubspot", api_url=url)
        with pytest.raises(UsageError) as raised:
            await connecting.give_token(context, draft.id, token)
        assert raised.value.code == "HUBSPOT_TOKEN_MALFORMED"

    lab.within(work)


def test_a_wrong_token_is_told_as_one(lab: Lab, portal: Start) -> None:
    _, url = portal(contacts=1)

    async def work(context: Context) -> None:
        draft_id = await connected(context, url, "pat-eu1-00000000-0000-0000-0000-00000000dead")
        with pytest.raises(AuthorizationLost) as raised:
            await connecting.test(context, draft_id)
        assert raised.value.code == "HUBSPOT_TOKEN_INVALID"

    lab.within(work)


def test_reconnecting_to_another_portal_is_refused_and_the_right_one_goes_on(lab: Lab, portal: Start) -> None:
    _, url = portal(contacts=1, portal_id=111)
    _, other = portal(contacts=1, portal_id=222)
    lab.add("moved", url, "contacts")

    async def work(context: Context) -> None:
        source = await sources.find(context, "moved")
        async with context.pool.connection() as connection:
            await connection.execute("UPDATE sources SET api_url = %s WHERE id = %s", [other, source.id])
        draft = await connecting.begin_again(context, "moved")
        await connecting.give_token(context, draft.id, DEFAULT_TOKEN)
        with pytest.raises(ActionRequired) as raised:
            await connecting.test(context, draft.id)
        assert raised.value.code == "HUBSPOT_OTHER_PORTAL"
        assert raised.value.params["found"] == 222
        with pytest.raises(ActionRequired):
            await connecting.finish(context, draft.id)
        async with context.pool.connection() as connection:
            await connection.execute("UPDATE sources SET api_url = %s WHERE id = %s", [url, source.id])
        draft = await connecting.begin_again(context, "moved")
        await connecting.give_token(context, draft.id, DEFAULT_TOKEN)
        assert (await connecting.finish(context, draft.id)).id == source.id
        await sources.remove(context, "moved", with_data=True)

    lab.within(work)
