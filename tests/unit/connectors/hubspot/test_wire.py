"""Bytes from outside become structs or an error with a name."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontologie.connectors.hubspot import api, wire
from ontologie.connectors.hubspot.batches import merges_of, to_record
from ontologie.connectors.hubspot.links import LinksReader
from ontologie.errors import ContractBroken
from ontologie.httpclient.client import ApiClient
from ontologie.httpclient.request import Priority
from ontologie.model.record import Link, Record
from ontologie.model.stream import AssociationPair
from ontologie.model.values import Shape
from tests.unit.connectors.hubspot.servers import client_of, objects_of, page, query_of, record
from tests.unit.httpclient.doubles import answer


def contacts(client: ApiClient) -> api.ObjectsApi:
    return api.ObjectsApi(client, "contacts", Priority.BACKFILL)


def deals(client: ApiClient) -> api.ObjectsApi:
    return api.ObjectsApi(client, "deals", Priority.BACKFILL)


CALLS: dict[str, Callable[[ApiClient], Awaitable[object]]] = {
    "search": lambda client: contacts(client).search({}),
    "batch_read": lambda client: contacts(client).batch_read([1], [], archived=False),
    "links": lambda client: contacts(client).links("companies", []),
    "properties": lambda client: contacts(client).properties("non_sensitive"),
    "pipelines": lambda client: deals(client).pipelines(),
    "labels": lambda client: contacts(client).labels("companies"),
    "owners": lambda client: api.owners(client, archived=False),
    "token": lambda client: api.token_info(client, "t"),
    "account": api.account_details,
}
HOSTILE = {
    "nothing": b"",
    "truncated": b'{"results":[{"id":"1","prop',
    "html": b"<!doctype html><h1>Bad Gateway</h1>",
    "a list": b"[]",
    "null": b"null",
    "not utf-8": b'{"results":[{"id":"\xff\xfe"}]}',
    "results of another type": b'{"results":"none"}',
    "trailing bytes": b'{"results":[]}{"results":[]}',
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("body", HOSTILE)
async def test_a_body_that_is_not_what_was_promised_is_named(call: str, body: str) -> None:
    client, _ = client_of(lambda _request: answer(body=HOSTILE[body]))
    with pytest.raises(ContractBroken) as caught:
        await CALLS[call](client)
    assert caught.value.code == "HUBSPOT_CONTRACT_BROKEN"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_an_error_body_and_never_a_crash(body: bytes) -> None:
    assert isinstance(wire.read_error(body), wire.ErrorBody)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["context", "requiredGranularScopes", "missingScopes", "errors", "message"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(json_values)
def test_scopes_are_read_from_an_error_of_any_shape(value: object) -> None:
    error = wire.read_error(msgspec.json.encode({"errors": value, "context": value}))
    assert all(isinstance(scope, str) for scope in wire.scopes_of(error))


async def test_a_deeply_nested_body_is_named() -> None:
    client, _ = client_of(lambda _request: answer(body=b'{"x":' + b"[" * 100_000))
    with pytest.raises(ContractBroken):
        await CALLS["search"](client)


@pytest.mark.parametrize("text", ["5;6", ";5;6;", "6;5;x;;-1"])
def test_the_merged_ids_are_read_from_a_list_with_oddities(text: str) -> None:
    row = msgspec.convert(record(9, {"hs_merged_object_ids": text}), wire.WireRecord, str_keys=True)
    found = to_record(row, Shape(["hs_merged_object_ids", "email"]))
    assert isinstance(found, Record)
    assert {merge.from_id for merge in merges_of((found,))} == {5, 6}


async def test_owners_are_read_page_by_page() -> None:
    pages = {None: page([{"id": "1"}], "x"), "x": page([{"id": "2"}])}
    client, _ = client_of(lambda request: pages[dict(request.params).get("after")])
    assert [owner.id for owner in await api.owners(client, archived=False)] == ["1", "2"]


async def test_a_repeating_cursor_of_the_owners_is_named() -> None:
    client, _ = client_of(lambda _request: page([{"id": "1"}], "x"))
    with pytest.raises(ContractBroken):
        await api.owners(client, archived=False)


class Overrun(Exception):
    """A loop was not noticed."""


async def test_a_circle_of_the_owners_cursors_is_named() -> None:
    calls = 0

    def respond(request: object) -> object:
        nonlocal calls
        calls += 1
        if calls > 50:
            raise Overrun
        return page([{"id": "1"}], "ab"[calls % 2])

    client, _ = client_of(respond)  # type: ignore[arg-type]
    with pytest.raises(ContractBroken):
        await api.owners(client, archived=False)


PAIR = AssociationPair(from_type="contacts", to_type="companies")


def ends(record_id: int, to_ids: list[int], after: str | None = None) -> dict[str, object]:
    kinds = [{"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"}]
    row: dict[str, object] = {
        "from": {"id": str(record_id)},
        "to": [{"toObjectId": to_id, "associationTypes": kinds} for to_id in to_ids],
    }
    return row | ({"paging": {"next": {"after": after}}} if after else {})


async def test_links_are_followed_per_record_and_given_once() -> None:
    def respond(request: object) -> object:
        asked = {row["id"]: row.get("after") for row in query_of(request)["inputs"]}  # type: ignore[arg-type]
        rows = [ends(1, [5, 5, 6], "x")] if asked.get("1") is None else [ends(1, [6, 7])]
        return page(rows)  # 2 has no links: it is left out

    [links] = await LinksReader(objects_of(respond), [PAIR]).of([1, 2])  # type: ignore[arg-type]
    assert links.from_ids == (1, 2)
    assert links.links == tuple(Link(from_id=1, to_id=to, category="HUBSPOT_DEFINED", type_id=1) for to in (5, 6, 7))


async def test_repeating_cursors_of_links_are_named() -> None:
    reader = LinksReader(objects_of(lambda _request: page([ends(1, [5], "x")])), [PAIR])
    with pytest.raises(ContractBroken):
        await reader.of([1])


async def test_a_circle_of_the_links_cursors_is_named() -> None:
    calls = 0

    def respond(request: object) -> object:
        nonlocal calls
        calls += 1
        if calls > 50:
            raise Overrun
        return page([ends(1, [5], "ab"[calls % 2])])

    with pytest.raises(ContractBroken):
        await LinksReader(objects_of(respond), [PAIR]).of([1])  # type: ignore[arg-type]


async def test_a_pair_that_may_not_be_read_is_left_out_and_not_asked_again() -> None:
    calls = 0

    def respond(_request: object) -> object:
        nonlocal calls
        calls += 1
        return answer(403, b'{"category":"MISSING_SCOPES"}')

    reader = LinksReader(objects_of(respond), [PAIR])  # type: ignore[arg-type]
    assert await reader.of([1]) == ()
    assert await reader.of([2]) == ()
    assert calls == 1


def test_every_path_carries_the_dated_version() -> None:
    source = Path(api.__file__).read_text()
    paths = re.findall(r'path=f?"([^"]+)"', source) + re.findall(r'_definition\(f"([^"]+)"', source)
    assert len(paths) >= 9
    assert all("{VERSION}" in path or path.startswith("/oauth/") for path in paths)


async def test_a_value_that_is_no_text_marks_only_itself() -> None:
    odd = {"seats": 7, "vip": True, "tags": ["a"], "note": "as usual", "nothing": None}

    found = await objects_of(lambda _request: page([record(1, odd), record(2, {"note": "fine"})])).search({})
    assert found.results[0].properties == {
        "seats": "7",
        "vip": "true",
        "tags": '["a"]',
        "note": "as usual",
        "nothing": None,
    }
    assert found.results[1].properties == {"note": "fine"}


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (rb"cut \ud83d", "cut ?"),
        (rb"cut\u0000", "cut\u2400"),
        (rb"\ud83d\ude00", "\U0001f600"),
        (rb"\\ud83d", "\\ud83d"),
    ],
)
async def test_a_label_that_is_no_text_is_read_as_far_as_it_is_one(sent: bytes, shown: str) -> None:
    body = b'{"results":[{"name":"city","label":"%s","type":"string"}]}' % sent
    client, _ = client_of(lambda _request: answer(200, body))
    [found] = (await contacts(client).properties("non_sensitive")).properties()
    assert found.label == shown


async def test_a_batch_of_links_that_failed_for_some_is_no_answer() -> None:
    found = b'{"results":[],"numErrors":1,"errors":[{"category":"%s","context":{"fromObjectId":["1"]}}]}'
    nothing = client_of(lambda _request: answer(207, found % b"OBJECT_NOT_FOUND"))[0]
    assert (await contacts(nothing).links("companies", [{"id": "1"}])).results == ()
    failed = client_of(lambda _request: answer(207, found % b"INTERNAL_ERROR"))[0]
    with pytest.raises(ContractBroken, match="INTERNAL_ERROR"):
        await contacts(failed).links("companies", [{"id": "1"}])


async def test_a_null_where_a_text_is_promised_is_a_field_that_is_missing() -> None:
    body = b'{"results":[{"name":"city","label":"City","description":null,"options":null,"calculated":null}]}'
    [found] = (await contacts(client_of(lambda _request: answer(200, body))[0]).properties("sensitive")).properties()
    assert (found.label, found.description, found.options, found.calculated) == ("City", "", (), False)


@pytest.mark.parametrize("found", ['"12a"', '"9999999999999999999"', "9999999999999999999", "1.5", "-1", "null"])
async def test_a_link_to_what_is_no_id_is_a_named_error(found: str) -> None:
    body = f'{{"results":[{{"from":{{"id":"1"}},"to":[{{"toObjectId":{found}}}]}}]}}'.encode()
    with pytest.raises(ContractBroken):
        await contacts(client_of(lambda _request: answer(200, body))[0]).links("companies", [{"id": "1"}])
