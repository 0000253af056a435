"""A record's values held small are the same values."""

from hypothesis import given
from hypothesis import strategies as st

from ontologie.model.values import Shape, Values

names = st.lists(st.text(max_size=6), unique=True, max_size=6)


@given(names, st.dictionaries(st.text(max_size=6), st.none() | st.text(max_size=3)))
def test_a_row_tells_what_the_mapping_told(asked: list[str], values: dict[str, str | None]) -> None:
    shape = Shape(asked)
    small = shape.of(values)
    assert [small.get(name) for name in asked] == [values.get(name) for name in asked]
    assert [name in small for name in asked] == [name in values for name in asked]
    assert shape.row(small) == shape.row(values) == tuple(values.get(name) for name in asked)


def test_a_missing_value_is_no_empty_one() -> None:
    shape = Shape(["a", "b"])
    assert "b" not in shape.of({"a": "1"})
    assert "b" in shape.of({"a": "1", "b": None})


def test_what_has_every_name_is_held_as_a_row() -> None:
    small = Shape(["a", "b"]).of({"b": "2", "a": "1", "c": "3"})
    assert isinstance(small, Values)
    assert (small.row, dict(small)) == (("1", "2"), {"a": "1", "b": "2"})


def test_another_order_gives_another_row() -> None:
    small = Shape(["a", "b"]).of({"a": "1", "b": "2"})
    assert Shape(["b", "a", "c"]).row(small) == ("2", "1", None)
