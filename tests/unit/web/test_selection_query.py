"""The question in a table's address."""

import json

import pytest
from litestar.datastructures import MultiDict

from ontologie.errors import UsageError
from ontologie.model.selection import Filter, Operator, Selection
from ontologie.web.selection_query import columns_of, selection_of


def test_an_empty_address_asks_for_the_latest_changes() -> None:
    assert selection_of(MultiDict()) == Selection(order="_updated_at", descending=True)


def test_every_part_of_an_address_is_understood() -> None:
    given = MultiDict(
        [
            ("q", "jane doe"),
            ("sort", "amount"),
            ("archived", "1"),
            ("f", '["amount","from","100"]'),
            ("f", '["stage","among","a","b"]'),
            ("cols", "id,amount,id,,x"),
        ]
    )
    assert selection_of(given) == Selection(
        filters=(
            Filter(column="amount", operator=Operator.FROM, values=("100",)),
            Filter(column="stage", operator=Operator.AMONG, values=("a", "b")),
        ),
        search="jane doe",
        order="amount",
        descending=False,
        archived=True,
    )
    assert columns_of(given) == ["id", "amount", "x"]


@pytest.mark.parametrize("text", ["", "[]", "[1]", '["a"]', '["a","drop"]', "{}", '["a","equals",1]', "x" * 10_000])
def test_a_filter_that_is_none_says_so(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        selection_of(MultiDict([("f", text)]))
    assert refused.value.code == "FILTER_MALFORMED"


def test_what_no_text_of_postgresql_can_hold_is_left_out() -> None:
    given = MultiDict([("q", "a\0b\ud800"), ("f", json.dumps(["a\0", "equals", "\0"]))])
    found = selection_of(given)
    assert found.search == "ab?"
    assert found.filters == (Filter(column="a", operator=Operator.EQUALS, values=("",)),)
