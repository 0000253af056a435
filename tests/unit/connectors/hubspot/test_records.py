"""What is wrong with one record of a page is the trouble of that record alone, and is kept with its reason."""

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontologie.connectors.hubspot import api, wire
from ontologie.connectors.hubspot.batches import to_record
from ontologie.connectors.hubspot.records import id_of, read_batch, read_records
from ontologie.errors import ContractBroken
from ontologie.httpclient.request import Priority
from ontologie.model.record import Aside, Record
from ontologie.model.values import Shape
from tests.unit.connectors.hubspot.servers import client_of, record
from tests.unit.httpclient.doubles import answer

SHAPE = Shape(["email", "note"])
GOOD = record(1, {"email": "a@example.org"})
WITHOUT_CREATION = {name: value for name, value in record(2).items() if name != "createdAt"}
WITHOUT_PROPERTIES = {name: value for name, value in record(2).items() if name != "properties"}
UNUSABLE: dict[str, dict[str, Any]] = {
    "no creation date": WITHOUT_CREATION,
    "no modified date": record(2, updatedAt=None),
    "a date that is none": record(2, updatedAt="yesterday"),
    "a date before all others": record(2, createdAt="0001-01-01T00:00:00+14:00"),
    "a deletion that is no date": record(2, archived=True, archivedAt="gone"),
    "no properties": WITHOUT_PROPERTIES,
    "properties that are a list": record(2, properties=None) | {"properties": ["email"]},
    "properties that are null": record(2) | {"properties": None},
    "archived that is a word": record(2, archived="perhaps"),
}
UNREADABLE: dict[str, Any] = {
    "an id that is a word": record("abc"),
    "an id of 30 digits": record("9" * 30),
    "a negative id": record(-5),
    "an id in other digits": record("١٢"),
    "an id that is a list": record(1) | {"id": ["1"]},
    "no id": {"properties": {}},
    "a number": 7,
    "nothing": None,
}


def page(*rows: Any) -> bytes:
    return msgspec.json.encode({"results": rows, "paging": {"next": {"after": "9"}}, "total": 3})


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_record_that_cannot_be_used_stands_aside_alone(name: str) -> None:
    found = read_records(page(GOOD, UNUSABLE[name], record(3)))
    read = [to_record(item, SHAPE) for item in found.results]
    assert (found.after, found.total) == ("9", 3)
    assert [item.id for item in read] == [1, 2, 3]
    assert [type(item) for item in read] == [Record, Aside, Record]
    assert isinstance(read[1], Aside)
    assert read[1].reason
    assert msgspec.json.decode(read[1].sent)["id"] == "2"


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_has_no_id_is_kept_apart_from_the_records(name: str) -> None:
    found = read_records(page(GOOD, UNREADABLE[name], record(3)))
    assert [item.id for item in found.results] == ["1", "3"]
    assert isinstance(found, wire.MixedPage)
    [left] = found.unreadable
    assert left.reason == "it has no usable id"
    msgspec.json.decode(left.sent)


def test_an_id_that_is_a_number_is_an_id() -> None:
    assert read_records(page(record(1) | {"id": 17})).results[0].id == "17"


def test_half_of_an_emoji_spoils_only_its_own_value() -> None:
    body = page(GOOD, record(2, {"note": "HERE", "email": "b@example.org"})).replace(b"HERE", b"cut \\ud83d")
    first, second = read_records(body).results
    assert first.properties == {"email": "a@example.org"}
    assert second.properties == {"note": "cut \ud83d", "email": "b@example.org"}


def test_numbers_keep_every_digit() -> None:
    body = page(record(1, {"amount": "HERE"})).replace(b'"HERE"', b"123456789012345678901234567890.10")
    assert read_records(body).results[0].properties == {"amount": "123456789012345678901234567890.10"}


def test_a_number_of_any_length_is_read() -> None:
    body = page(record(1, {"amount": "HERE"})).replace(b'"HERE"', b"1" * 10_000)
    assert Decimal(read_records(body).results[0].properties["amount"] or "") > 10**9_998


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
anything = json_values | st.fixed_dictionaries(
    {},
    optional={
        "id": st.just("5") | json_values,
        "properties": json_values,
        "createdAt": st.just("2026-11-20T12:00:00Z") | json_values,
        "updatedAt": st.just("2026-11-20T12:00:00Z") | json_values,
        "archived": json_values,
        "archivedAt": json_values,
    },
)


@settings(max_examples=200, deadline=None)
@given(st.lists(anything, max_size=4))
def test_nothing_between_the_records_is_dropped(rows: list[Any]) -> None:
    found = read_records(page(*rows))
    left = found.unreadable if isinstance(found, wire.MixedPage) else ()
    assert len(found.results) + len(left) == len(rows)
    for item in found.results:
        read = to_record(item, SHAPE)
        assert isinstance(read, Record) or msgspec.json.decode(read.sent) is not None


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b'{"id":"\xff"}', b'{"id":NaN}', b'{"x":' + b"[" * 100_000])
async def test_a_single_record_that_is_no_json_is_named(body: bytes) -> None:
    client, _ = client_of(lambda _request: answer(body=body))
    with pytest.raises(ContractBroken):
        await api.ObjectsApi(client, "contacts", Priority.CHECK).get_id(1)


def test_a_single_record_without_an_id_tells_none() -> None:
    assert [id_of(body) for body in (b"null", b"[]", b"{}", b'{"id":"x"}', b'{"id":5}')] == [None] * 4 + [5]


@pytest.mark.parametrize("broken", ["", "cut \ud83d"])
async def test_a_batch_read_that_failed_for_some_of_its_ids_is_no_answer(broken: str) -> None:
    errors = [{"status": "error", "category": "INTERNAL_ERROR", "message": broken, "context": {"ids": ["2"]}}]
    body = json.dumps({"status": "COMPLETE", "results": [GOOD], "numErrors": 1, "errors": errors}).encode()
    client, transport = client_of(lambda _: answer(body=body))
    objects = api.ObjectsApi(client, "contacts", Priority.CHECK)
    with pytest.raises(ContractBroken, match="INTERNAL_ERROR"):
        await objects.batch_read([1, 2], ["email"], archived=False)
    assert len(transport.sent) == 2


@pytest.mark.parametrize("errors", [[{"category": "OBJECT_NOT_FOUND"}], [{}], ["?"], "?", None])
def test_ids_that_are_not_there_leave_a_batch_read_whole(errors: Any) -> None:
    assert [item.id for item in read_batch(msgspec.json.encode({"results": [GOOD], "errors": errors})).results] == ["1"]
