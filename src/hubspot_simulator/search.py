"""Which records a search finds: filters read as HubSpot reads them, answered through the ids and dates."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from hubspot_simulator.clock import parse_moment
from hubspot_simulator.data.definitions import Value
from hubspot_simulator.errors import invalid
from hubspot_simulator.store import ObjectStore

MAX_RESULTS = 10_000
_MAX_KEPT = 4_000_000  # indices held in remembered answers
_MODIFIED_NAMES = ("lastmodifieddate", "hs_lastmodifieddate")
_NOT_FILTERABLE = ("hs_body_preview_html", "hs_email_html", "hs_body_preview")
_FOREVER_MS = 1 << 60

Operator = Literal[
    "LT", "LTE", "GT", "GTE", "EQ", "NEQ", "BETWEEN", "IN", "NOT_IN",
    "HAS_PROPERTY", "NOT_HAS_PROPERTY", "CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN",
]  # fmt: skip
_RANGES = ("LT", "LTE", "GT", "GTE", "EQ", "BETWEEN")


class Filter(msgspec.Struct, frozen=True, rename="camel"):
    """One condition."""

    property_name: str
    operator: Operator
    value: str | None = None
    high_value: str | None = None
    values: tuple[str, ...] | None = None


class FilterGroup(msgspec.Struct, frozen=True):
    """Conditions that must all hold."""

    filters: tuple[Filter, ...] = ()


class Sort(msgspec.Struct, frozen=True, rename="camel"):
    """The one order."""

    property_name: str
    direction: Literal["ASCENDING", "DESCENDING"] = "ASCENDING"


class Query(msgspec.Struct, frozen=True):
    """What decides the set and the order of the records found; groups are alternatives."""

    groups: tuple[FilterGroup, ...] = ()
    sort: Sort | None = None
    text: str = ""


def check(query: Query, store: ObjectStore) -> None:
    """400 for a query that HubSpot refuses."""
    filters = [each for group in query.groups for each in group.filters]
    if len(query.groups) > 5 or len(filters) > 18 or any(len(group.filters) > 6 for group in query.groups):  # noqa: PLR2004
        raise invalid("A search takes at most 5 filterGroups, 6 filters in each and 18 filters in all.")
    if sum(_length(each) for each in filters) + len(query.text) > 3_000:  # noqa: PLR2004
        raise invalid("Query and filters may not exceed 3000 characters.")
    named = [each.property_name for each in filters] + ([query.sort.property_name] if query.sort else [])
    for name in named:
        if name not in store.properties and name not in _MODIFIED_NAMES:
            raise invalid(f"There was a problem with the request. Property {name[:100]} does not exist.")
        if name in _NOT_FILTERABLE:
            raise invalid(f"There was a problem with the request. Property {name} is not searchable.")
    for each in filters:
        _check_operands(each)


def _length(each: Filter) -> int:
    return len(each.value or "") + len(each.high_value or "") + sum(map(len, each.values or ()))


def _check_operands(each: Filter) -> None:
    if each.operator in ("IN", "NOT_IN"):
        if not each.values:
            raise invalid(f"operator {each.operator} requires values")
    elif each.operator not in ("HAS_PROPERTY", "NOT_HAS_PROPERTY") and each.value is None:
        raise invalid(f"operator {each.operator} requires a value")
    if each.operator == "BETWEEN" and each.high_value is None:
        raise invalid("operator BETWEEN requires a highValue")


class Searches:
    """The searches of one type, the latest answers remembered until a record changes."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._known: OrderedDict[Query, Sequence[int]] = OrderedDict()
        self._kept = 0
        self._version = 0

    def find(self, query: Query) -> Sequence[int]:
        """The indices of all live records that match, in order; ``check`` the query before."""
        narrow, ids = _without_ids(query)
        found = self._remembered(narrow)
        if ids is None:
            return found
        low, high = self._index_range(ids)
        return found[bisect_left(found, low) : bisect_left(found, high)]

    def _remembered(self, query: Query) -> Sequence[int]:
        if self._version != self._store.version:
            self._version, self._kept = self._store.version, 0
            self._known.clear()
        found = self._known.get(query)
        if found is None:
            found = self._known[query] = self._ordered(query)
            self._kept += len(found)
            while self._kept > _MAX_KEPT and len(self._known) > 1:
                self._kept -= len(self._known.popitem(last=False)[1])
        else:
            self._known.move_to_end(query)
        return found

    def _ordered(self, query: Query) -> Sequence[int]:
        found = self._matching(query)
        sort = query.sort
        if sort is None or sort.property_name == "hs_object_id":
            return found[::-1] if sort is not None and sort.direction == "DESCENDING" else found
        key: Callable[[int], object]
        if sort.property_name == self._store.kind.modified_property:
            key = self._store.modified_ms
        else:
            key = lambda index: _sort_key(self._store.value(index, sort.property_name))  # noqa: E731
        return sorted(found, key=key, reverse=sort.direction == "DESCENDING")

    def _matching(self, query: Query) -> Sequence[int]:
        store = self._store
        if not any(group.filters for group in query.groups) and not query.text:
            return range(store.size) if not store.gone else list(store.live_indices())
        found: set[int] = set()
        for group in query.groups or (FilterGroup(),):
            found.update(self._group(group.filters))
        live = (index for index in found if store.live(index))
        if query.text:
            wanted = query.text.casefold()
            live = (index for index in live if self._mentions(index, wanted))
        return sorted(live)

    def _group(self, filters: tuple[Filter, ...]) -> Sequence[int]:
        store, modified = self._store, self._store.kind.modified_property
        windows = [each for each in filters if each.property_name == modified and each.operator in _RANGES]
        if windows:
            bounds = [_window(each, _moment) for each in windows]
            candidates: Sequence[int] = list(
                store.modified.between(max(low for low, _ in bounds), min(high for _, high in bounds))
            )
        else:
            candidates = range(store.size)
        for each in filters:
            if each not in windows:
                name, test = each.property_name, matcher(each, store)
                candidates = [index for index in candidates if test(store.value(index, name))]
        return candidates

    def _mentions(self, index: int, wanted: str) -> bool:
        kind, value = self._store.kind, self._store.value
        return any(wanted in (value(index, name) or "").casefold() for name in kind.search_properties)

    def _index_range(self, filters: tuple[Filter, ...]) -> tuple[int, int]:
        bounds = [_window(each, _whole_number) for each in filters]
        ids = self._store.ids
        low, high = max(low for low, _ in bounds), min(high for _, high in bounds)
        return ids.first_at_or_after(low), ids.first_at_or_after(high)


def _without_ids(query: Query) -> tuple[Query, tuple[Filter, ...] | None]:
    """A query by rising id inside one group, split: the rest is remembered, the id range is two bisections.

    This is what makes paging by ``hs_object_id GT`` cost the same on the last page as on the first.
    """
    rising = query.sort is None or query.sort == Sort("hs_object_id")
    if len(query.groups) != 1 or not rising:
        return query, None
    filters = query.groups[0].filters
    ids = tuple(each for each in filters if each.property_name == "hs_object_id" and each.operator in _RANGES)
    if not ids:
        return query, None
    rest = tuple(each for each in filters if each not in ids)
    return Query((FilterGroup(rest),), query.sort, query.text), ids


def _window(each: Filter, read: Callable[[str], int]) -> tuple[int, int]:
    """The half-open range of a condition."""
    value = read(each.value or "")
    match each.operator:
        case "LT":
            return -_FOREVER_MS, value
        case "LTE":
            return -_FOREVER_MS, value + 1
        case "GT":
            return value + 1, _FOREVER_MS
        case "GTE":
            return value, _FOREVER_MS
        case "BETWEEN":
            return value, read(each.high_value or "") + 1
        case _:
            return value, value + 1


def _moment(text: str) -> int:
    moment = parse_moment(text[:40])
    if moment is None:
        raise invalid(f"'{text[:100]}' is not a valid timestamp")
    return max(min(moment, _FOREVER_MS), -_FOREVER_MS)


def _whole_number(text: str) -> int:
    try:
        return max(min(int(text[:40]), _FOREVER_MS), -_FOREVER_MS)
    except ValueError as error:
        raise invalid(f"'{text[:100]}' is not a valid number") from error


def _sort_key(value: Value) -> tuple[int, float, str]:
    if not value:
        return (0, 0.0, "")
    number = _as_number(value)
    return (1, number, "") if number is not None else (2, 0.0, value.casefold())


def _as_number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def matcher(each: Filter, store: ObjectStore) -> Callable[[Value], bool]:
    """The test of one condition on one value.

    A record without a value matches only NOT_HAS_PROPERTY [?]; enumerations compare exactly, text
    without case; a multi-select matches when one of its values does.
    """
    definition = store.properties.get(each.property_name)
    if definition is None or (
        each.property_name in _MODIFIED_NAMES and each.property_name != store.kind.modified_property
    ):
        return lambda _value: False
    if each.operator == "HAS_PROPERTY":
        return lambda value: bool(value)
    if each.operator == "NOT_HAS_PROPERTY":
        return lambda value: not value
    if definition.type in ("number", "datetime", "date") and each.operator in _RANGES:
        return _range_test(each, definition.type)
    return _text_test(each, definition.type)


def _range_test(each: Filter, kind: str) -> Callable[[Value], bool]:
    read: Callable[[str], float | None] = _as_number if kind == "number" else parse_moment
    low, high = read(each.value or ""), read(each.high_value or each.value or "")
    if low is None or high is None:
        raise invalid(f"'{(each.value or '')[:100]}' is not a valid {kind}")
    tests: dict[str, Callable[[float], bool]] = {
        "LT": lambda x: x < low,
        "LTE": lambda x: x <= low,
        "GT": lambda x: x > low,
        "GTE": lambda x: x >= low,
        "EQ": lambda x: x == low,
        "BETWEEN": lambda x: low <= x <= high,
    }
    test = tests[each.operator]

    def check_value(value: Value) -> bool:
        number = read(value) if value else None
        return number is not None and test(number)

    return check_value


def _text_test(each: Filter, kind: str) -> Callable[[Value], bool]:
    fold: Callable[[str], str] = str if kind == "enumeration" else str.casefold
    wanted = fold(each.value or "")
    several = {fold(value) for value in each.values or ()}
    token = wanted.strip("*")
    high = fold(each.high_value or "")
    tests: dict[str, Callable[[str], bool]] = {
        "EQ": lambda x: wanted in (x, *x.split(";")),
        "NEQ": lambda x: wanted not in (x, *x.split(";")),
        "IN": lambda x: x in several or not several.isdisjoint(x.split(";")),
        "NOT_IN": lambda x: x not in several and several.isdisjoint(x.split(";")),
        "CONTAINS_TOKEN": lambda x: token in x,
        "NOT_CONTAINS_TOKEN": lambda x: token not in x,
        "LT": lambda x: x < wanted,
        "LTE": lambda x: x <= wanted,
        "GT": lambda x: x > wanted,
        "GTE": lambda x: x >= wanted,
        "BETWEEN": lambda x: wanted <= x <= high,
    }
    test = tests[each.operator]
    return lambda value: bool(value) and test(fold(value or ""))
