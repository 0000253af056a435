"""A list's URL never grows past what servers bear, and no property is left out or asked twice."""

from collections import Counter
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontologie.clock import SystemClock
from ontologie.connectors.hubspot.api import ObjectsApi
from ontologie.connectors.hubspot.lists import ListPages, UrlLimit
from ontologie.errors import RequestRefused
from ontologie.httpclient.client import ApiClient, Backoff
from ontologie.httpclient.request import Priority, Request, Response
from ontologie.httpclient.scheduler import Scheduler
from ontologie.httpclient.tokens import StaticToken
from tests.unit.connectors.hubspot.servers import budgets, record, vendor
from tests.unit.httpclient.doubles import ScriptedTransport, answer

_LONGEST_URL = 15_000
names = st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,99}", fullmatch=True), unique=True, max_size=300)


def lists_of(transport: ScriptedTransport, properties: list[str]) -> ListPages:
    scheduler = Scheduler(budgets(), SystemClock())
    client = ApiClient(transport, vendor(scheduler), scheduler, StaticToken("t"), Backoff(SystemClock()))
    return ListPages(ObjectsApi(client, "contacts", Priority.BACKFILL), properties, UrlLimit(), archived=False)


def asked(request: Request) -> list[str]:
    return [name for name in dict(request.params)["properties"].split(",") if name]


def one_record_with_what_was_asked(request: Request) -> Response:
    page = {"results": [record(7, {name: f"value of {name}" for name in asked(request)})]}
    return answer(body=msgspec.json.encode(page))


@settings(max_examples=20, deadline=None)
@given(properties=names)
async def test_every_property_is_asked_exactly_once_in_urls_that_fit(properties: list[str]) -> None:
    transport = ScriptedTransport(one_record_with_what_was_asked)
    page = await lists_of(transport, properties).page("9" * 19)
    assert Counter(name for request, _ in transport.sent for name in asked(request)) == Counter(properties)
    assert all(len(request.target().encode()) <= _LONGEST_URL for request, _ in transport.sent)
    assert page.results[0].properties == {name: f"value of {name}" for name in properties}


async def test_a_thousand_long_names_are_joined_into_whole_records() -> None:
    properties = [f"{'p' * 90}{number:05}" for number in range(1_000)]
    transport = ScriptedTransport(one_record_with_what_was_asked)
    page = await lists_of(transport, properties).page(None)
    assert len(page.results) == 1
    assert list(page.results[0].properties) == properties
    assert len(transport.sent) == 7


async def test_a_server_that_bears_shorter_urls_only_is_learnt_once() -> None:
    def strict(request: Request) -> Response:
        return answer(414) if len(request.target()) > 4_000 else one_record_with_what_was_asked(request)

    properties = [f"property_number_{number:05}" for number in range(600)]
    transport = ScriptedTransport(strict)
    pages = lists_of(transport, properties)
    assert list((await pages.page(None)).results[0].properties) == properties
    learnt = len(transport.sent)
    await pages.page("8")
    assert all(len(request.target()) <= 4_000 for request, _ in transport.sent[learnt:])


async def test_a_server_that_refuses_every_url_is_not_asked_for_ever() -> None:
    transport = ScriptedTransport(lambda _request: answer(414))
    with pytest.raises(RequestRefused) as refused:
        await lists_of(transport, ["email"]).page(None)
    assert refused.value.status == 414
    assert len(transport.sent) < 10


async def test_a_record_that_changed_between_two_parts_is_read_again_by_itself() -> None:
    properties = [f"{'p' * 90}{number:05}" for number in range(200)]
    parts: list[str] = []

    def moving(request: Request) -> Response:
        if request.path.endswith("/batch/read"):
            whole = msgspec.json.decode(request.body or b"")["properties"]
            return answer(body=msgspec.json.encode({"results": [record(7, dict.fromkeys(whole, "whole"))]}))
        parts.append(request.path)
        values = {name: f"part {len(parts)}" for name in asked(request)}
        moment = f"2026-11-20T12:00:0{len(parts)}Z"
        return answer(body=msgspec.json.encode({"results": [record(7, values) | {"updatedAt": moment}]}))

    page = await lists_of(ScriptedTransport(moving), properties).page(None)
    assert set(page.results[0].properties.values()) == {"whole"}


async def test_the_simulated_portal_gives_wide_records_whole(
    make_portal: Callable[..., object], open_session: Callable[..., object]
) -> None:
    portal = make_portal(contacts=5, contact_properties=900, max_url_bytes=8_000)
    async with open_session(portal) as session:  # type: ignore[attr-defined]
        schema = await session.schema("contacts", (), sensitive=False)
        pages = ListPages(session._objects("contacts"), schema.property_names(), UrlLimit(), archived=False)
        page = await pages.page(None)
    assert len(page.results) == 5
    assert all(set(schema.property_names()) <= set(item.properties) for item in page.results)
