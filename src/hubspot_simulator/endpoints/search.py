"""``POST …/{type}/search``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from hubspot_simulator.call import Call, Reply, Sent, as_text
from hubspot_simulator.endpoints.routes import Route, crm
from hubspot_simulator.errors import invalid
from hubspot_simulator.search import MAX_RESULTS, Filter, FilterGroup, Operator, Query, Sort, check
from hubspot_simulator.spoilt import rendered
from hubspot_simulator.store import ObjectStore

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

_MAX_LIMIT = 200


class _Filter(msgspec.Struct, rename="camel"):
    """A filter as it is sent: values may be numbers."""

    property_name: str
    operator: Operator
    value: Sent = None
    high_value: Sent = None
    values: list[Sent] | None = None

    def read(self) -> Filter:
        values = None if self.values is None else tuple(as_text(value) or "" for value in self.values)
        return Filter(self.property_name, self.operator, as_text(self.value), as_text(self.high_value), values)


class _Group(msgspec.Struct):
    filters: list[_Filter] = []

    def read(self) -> FilterGroup:
        return FilterGroup(tuple(each.read() for each in self.filters))


class SearchBody(msgspec.Struct, rename="camel"):
    """The body; looser than the specification, as the real server is."""

    filter_groups: list[_Group] = []
    filters: list[_Filter] = []
    sorts: list[Sort | str] = []
    properties: list[str] = []
    limit: int = 10
    after: str | int | None = None
    query: str | None = None


def search(portal: "Portal", call: Call) -> Reply:
    """Up to 200 live records; ``after`` is an offset; past 10,000 results 400."""
    store = portal.store(call.parameters["type"])
    body: SearchBody = call.json(SearchBody)
    if not 1 <= body.limit <= _MAX_LIMIT:
        raise invalid(f"limit must be between 1 and {_MAX_LIMIT}, but was {body.limit}")
    offset = _offset(body.after)
    if offset + body.limit > MAX_RESULTS:
        raise invalid(f"Search results beyond {MAX_RESULTS:,} cannot be paged to (after {offset}, limit {body.limit}).")
    query = _query(body)
    check(query, store)
    found = portal.searches[store.kind.name].find(query)
    found = _seen(portal, store, found)
    end = offset + body.limit
    if body.limit > 1 and portal.mischief.strikes("short_pages", "search"):
        end = offset + body.limit // 2
    page = list(found[offset:end])
    if portal.mischief.strikes("search_disorder", "search"):
        page = portal.mischief.shuffled(page)
    page = [index for index in page if not portal.mischief.marks("hidden_rows", "search", index)]
    names = tuple(body.properties) or store.kind.search_properties
    records = rendered(portal, "search", store, names, page)
    tail = b"]}"
    if end < len(found):
        paging: dict[str, Any] = {"next": {"after": str(end)}}
        tail = b'],"paging":' + msgspec.json.encode(paging) + b"}"
    return Reply(200, b'{"total":%d,"results":[' % len(found) + b",".join(records) + tail)


def _seen(portal: "Portal", store: ObjectStore, found: Sequence[int]) -> Sequence[int]:
    """What the search index has caught up with: records touched within the lag are not found yet."""
    lag_s = portal.mischief.days.search_lag_s
    if not lag_s or not store.altered:
        return found
    since_ms = portal.clock.now_ms() - round(lag_s * 1_000)
    return [index for index in found if index not in store.altered or store.modified_ms(index) <= since_ms]


def _query(body: SearchBody) -> Query:
    groups = tuple(group.read() for group in body.filter_groups)
    if body.filters:
        groups = (*groups, _Group(body.filters).read())
    if len(body.sorts) > 1:
        raise invalid("Only one sort is supported.")
    sort = body.sorts[0] if body.sorts else None
    if isinstance(sort, str):
        sort = Sort(sort.lstrip("-"), "DESCENDING" if sort.startswith("-") else "ASCENDING")
    return Query(groups, sort, body.query or "")


def _offset(after: str | int | None) -> int:
    text = str(after or 0)
    if not text.isascii() or not text.isdigit() or len(text) > 12:  # noqa: PLR2004
        raise invalid(f"after must be a non-negative integer, but was {text[:40]}")
    return int(text)


ROUTES = [
    Route(method="POST", path=path, handler=search, family="search", bucket="search", types=("type",))
    for path in crm("objects", "/{type}/search")
]
