"""Every value is either in its column, equal to what it says, or among its row's rejected values. Nothing raises."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ontologie.model.record import Record
from ontologie.model.schema import ColumnType, ObjectSchema, Property, column_name
from ontologie.sync.conform import conform

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KINDS = list(ColumnType)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def prop(name: str, kind: ColumnType) -> Property:
    return Property(
        name=name, label=name, type="string", field_type="text", column_name=column_name(name), column_type=kind
    )


def schema(*kinds: ColumnType) -> ObjectSchema:
    properties = tuple(prop(f"p_{kind.name.lower()}", kind) for kind in kinds)
    return ObjectSchema(object_type="contacts", properties=properties)


def record(number: int, properties: dict[str, str | None]) -> Record:
    return Record(id=number, properties=properties, created_at=NOW, updated_at=NOW)


def column(kind: ColumnType, values: list[str | None]) -> list[tuple[Any, str | None]]:
    """For each value: what is in the column, and what is in the rejected values."""
    shape = schema(kind)
    name = shape.properties[0].name
    made = conform([record(number, {name: value}) for number, value in enumerate(values, 1)], shape, NOW)
    rejected = [msgspec.json.decode(text) if text else {} for text in made.batch.column("_rejected").to_pylist()]
    assert list(made.rejected_values) == [len(one) for one in rejected]
    found = made.batch.column(name).to_pylist()
    return list(zip(found, [one.get(name) for one in rejected], strict=True))


json_text = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
).map(lambda value: msgspec.json.encode(value).decode())
plausible = st.one_of(
    st.none(),
    st.just(""),
    st.sampled_from(
        ["true", "false", "TRUE", "0", "1", "NaN", "Infinity", "-", ".", "1e5", "1e", "0x1F", " 7 ", "1,5", "١٢", "²"]
    ),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.integers().map(str),
    st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.isoformat().replace("+00:00", "Z")),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])).map(datetime.isoformat),
    st.datetimes().map(datetime.isoformat),
    st.dates().map(date.isoformat),
    st.integers(-(10**14), 10**14).map(str),
    st.lists(st.text(max_size=4), max_size=4).map(";".join),
    json_text,
)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
values = st.lists(plausible | text, max_size=8)


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(KINDS), given_values=values)
def test_no_value_is_lost_and_none_stops_the_others(kind: ColumnType, given_values: list[str | None]) -> None:
    for value, (kept, rejected) in zip(given_values, column(kind, given_values), strict=True):
        if value is None or (value == "" and kind is not ColumnType.TEXT):
            assert (kept, rejected) == (None, None)
        elif rejected is None:
            assert kept is not None
        else:
            assert kept is None
            assert rejected.replace("\u2400", "\x00") == value.replace("\u2400", "\x00")


@settings(max_examples=200, deadline=None)
@given(kind=st.sampled_from(KINDS), given_values=values, position=st.integers(0, 8))
@example(kind=ColumnType.BIGINT, given_values=["9223372036854775808"], position=0)
@example(kind=ColumnType.BIGINT, given_values=["007"], position=0)
@example(kind=ColumnType.TIMESTAMPTZ, given_values=["2026-11-20 12:00:00Z"], position=0)
@example(kind=ColumnType.TIMESTAMPTZ, given_values=["2026-11-20T12Z"], position=0)
@example(kind=ColumnType.TEXT_ARRAY, given_values=[";a;b", "c", ";", "", None], position=0)
@example(kind=ColumnType.TEXT_ARRAY, given_values=["a\x00;b", "c;"], position=0)
def test_a_value_becomes_the_same_whatever_its_neighbours_are(
    kind: ColumnType, given_values: list[str | None], position: int
) -> None:
    alone = [column(kind, [value])[0] for value in given_values]
    assert column(kind, given_values) == alone
    with_stranger = [*given_values[:position], "no value of any kind \x01;;", *given_values[position:]]
    found = column(kind, with_stranger)
    del found[min(position, len(given_values))]
    assert found == alone


def test_a_long_id_is_a_number_or_not_whatever_its_neighbours_are() -> None:
    value = "1234567890123456789"
    assert column(ColumnType.BIGINT, [value, "x"])[0] == column(ColumnType.BIGINT, [value])[0]


@pytest.mark.parametrize(
    ("kind", "value"), [(ColumnType.DATE, "0000-01-01"), (ColumnType.TIMESTAMPTZ, "0000-01-01T00:00:00Z")]
)
def test_the_year_zero_is_rejected(kind: ColumnType, value: str) -> None:
    assert column(kind, [value]) == [(None, value)]


@settings(max_examples=200, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=9) | st.integers())
def test_numbers_stay_exact(number: Decimal | int) -> None:
    [(kept, rejected)] = column(ColumnType.NUMERIC, [str(number)])
    assert rejected is None
    assert Decimal(kept) == Decimal(str(number))


@settings(max_examples=200, deadline=None)
@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3)), timezone(timedelta(hours=9))])))
def test_moments_are_kept_to_the_microsecond_in_utc(moment: datetime) -> None:
    try:
        expected = moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        expected = None
    [(kept, rejected)] = column(ColumnType.TIMESTAMPTZ, [moment.isoformat()])
    assert kept == expected or (expected is None and rejected == moment.isoformat())


@given(st.integers(10**10, 10**14 - 1))
def test_moments_may_come_as_milliseconds(milliseconds: int) -> None:
    [(kept, rejected)] = column(ColumnType.TIMESTAMPTZ, [str(milliseconds)])
    assert rejected is None
    assert kept == (EPOCH + timedelta(milliseconds=milliseconds)).replace(tzinfo=None)


@pytest.mark.parametrize("value", ["1700000000", "1700000000.5", "5097600000"])
def test_seconds_are_not_taken_for_milliseconds(value: str) -> None:
    assert column(ColumnType.TIMESTAMPTZ, [value]) == [(None, value)]


@given(st.dates())
def test_days_come_as_dates_or_as_midnight(day: date) -> None:
    assert column(ColumnType.DATE, [day.isoformat(), f"{day.isoformat()}T00:00:00Z"]) == [(day, None)] * 2


@pytest.mark.parametrize("value", ["2026-11-20T00:00:01Z", "2026-02-30", "20/11/2026", "tomorrow", "1763596800001"])
def test_what_is_no_day_is_rejected(value: str) -> None:
    assert column(ColumnType.DATE, [value]) == [(None, value)]


@pytest.mark.parametrize("value", ["True", "yes", "1", " true", "t"])
def test_only_true_and_false_are_booleans(value: str) -> None:
    assert column(ColumnType.BOOLEAN, [value, "true", "false", ""]) == [
        (None, value),
        (True, None),
        (False, None),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("value", "choices"), [("a;b", ["a", "b"]), (";a;b;", ["a", "b"]), (";", []), ("a;;b", ["a", "b"]), ("a", ["a"])]
)
def test_choices_are_split_at_semicolons(value: str, choices: list[str]) -> None:
    assert column(ColumnType.TEXT_ARRAY, [value]) == [(choices, None)]


@given(text)
def test_text_stays_as_it_is_but_for_nul(value: str) -> None:
    shown = value.replace("\x00", "\u2400")
    assert column(ColumnType.TEXT, [value]) == [(value, None) if "\x00" not in value else (None, shown)]


@pytest.mark.parametrize("value", ['{"a":"\\u0000"}', "{", "[1,", "nul", "{'a':1}", "1e400", "NaN", '"\\ud800"'])
def test_json_that_postgresql_does_not_hold_is_rejected(value: str) -> None:
    assert column(ColumnType.JSONB, [value, "{}"]) == [(None, value), ("{}", None)]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in (ColumnType.TEXT, ColumnType.JSONB)])
def test_a_nul_in_a_rejected_value_is_shown_as_another_sign(kind: ColumnType) -> None:
    value = "a\x00b"
    [(kept, rejected)] = column(kind, [value])
    assert kept is None
    assert rejected == "a\u2400b"


@pytest.mark.parametrize("value", ["١٢", "１２", "1e٣", "१२.५"])
def test_digits_of_other_scripts_are_no_numbers(value: str) -> None:
    assert column(ColumnType.NUMERIC, [value]) == [(None, value)]


def test_json_nested_deeper_than_anyone_needs_is_rejected() -> None:
    deep = "[" * 30_000 + "]" * 30_000
    assert column(ColumnType.JSONB, [deep]) == [(None, deep)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_lone_surrogate_stops_nothing(kind: ColumnType) -> None:
    column(kind, ["\ud800", None, "x"])


SCHEMA = schema(ColumnType.TEXT, ColumnType.NUMERIC, ColumnType.DATE, ColumnType.JSONB)


# --- the batch


def test_no_records_make_an_empty_batch_of_the_right_columns() -> None:
    made = conform([], SCHEMA, NOW)
    assert made.batch.num_rows == 0
    assert made.batch.schema.names == [
        "id", "_created_at", "_updated_at", "_archived_at", "_synced_at", "_rejected", "_more",
        "p_text", "p_numeric", "p_date", "p_jsonb",
    ]  # fmt: skip


def test_our_moments_are_in_utc_whatever_zone_they_came_in() -> None:
    tokyo = timezone(timedelta(hours=9))
    one = Record(id=1, properties={}, created_at=NOW.astimezone(tokyo), updated_at=NOW, archived_at=NOW)
    row = conform([one], SCHEMA, NOW).batch.to_pylist()[0]
    assert row["_created_at"] == row["_updated_at"] == row["_archived_at"] == row["_synced_at"]
    assert row["_created_at"] == NOW.replace(tzinfo=None)
