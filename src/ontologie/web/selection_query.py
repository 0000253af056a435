"""The question in a table's address: ``q``, ``sort``, ``archived``, one ``f`` per filter; ``static/grid/state.js``."""

import msgspec
from litestar.datastructures import MultiDict

from ontologie.errors import UsageError
from ontologie.model.selection import Filter, Operator, Selection

_MOST_FILTERS = 30
_LONGEST_SEARCH_CHARACTERS = 200


def selection_of(query: MultiDict[str]) -> Selection:
    """What is asked. Raises UsageError (FILTER_MALFORMED)."""
    sort = _clean(query.get("sort") or "-_updated_at")
    return Selection(
        filters=tuple(_filter(text) for text in query.getall("f", [])[:_MOST_FILTERS]),
        search=_clean(query.get("q") or "")[:_LONGEST_SEARCH_CHARACTERS],
        order=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        archived=query.get("archived") == "1",
    )


def columns_of(query: MultiDict[str]) -> list[str]:
    """The columns asked for, each once."""
    return list(dict.fromkeys(name for name in _clean(query.get("cols") or "").split(",") if name))


def _filter(text: str) -> Filter:
    """``["amount","from","100"]``."""
    try:
        column, operator, *values = msgspec.json.decode(text, type=list[str])
        return Filter(column=_clean(column), operator=Operator(operator), values=tuple(map(_clean, values)))
    except (msgspec.MsgspecError, ValueError):
        raise UsageError("filter", code="FILTER_MALFORMED", column="–", value=_clean(text)[:80]) from None


def _clean(text: str) -> str:
    """Without what PostgreSQL's texts cannot hold."""
    return text.replace("\0", "").encode(errors="replace").decode()
