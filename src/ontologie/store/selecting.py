"""A selection as SQL: the conditions of its filters and search, and what its order compares.

Text is compared without case and accents; PostgreSQL's wheel has neither ICU nor ``unaccent``, so both are
``translate(lower(…))``, which an index may stand on.
"""

import re
import string
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

import msgspec
from psycopg import sql

from ontologie.errors import UsageError
from ontologie.model.schema import ColumnType
from ontologie.model.selection import Filter, Operator, Selection
from ontologie.store.main_columns import main_columns
from ontologie.store.read import LIVE
from ontologie.store.tables import OURS

_ACCENTS = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿœæ" + string.punctuation + "’«»"
_PLAIN = "aaaaaaceeeeiiiinoooooouuuuyyoa"
"""Shorter: ``translate`` drops what is beyond its end, so that sorting passes over punctuation."""
_SPACED = _PLAIN + " " * (len(_ACCENTS) - len(_PLAIN))
"""For searching: punctuation ends a word, so that a part of an e-mail address is found."""
_FOLDING = str.maketrans(_ACCENTS, _SPACED)
_SORTED_CHARACTERS = 100
"""An index entry may have 2,700 bytes; what differs later only is in the order of ids."""
_WORD = re.compile(r"\w+")
_MOST_WORDS = 12
_DAY_TYPES = (ColumnType.DATE, ColumnType.TIMESTAMPTZ)
_ID_LIMIT = 2**63


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table of records as a selection sees it."""

    schema_name: str
    object_type: str
    columns: Mapping[str, ColumnType]
    time_zone: str
    """In which a day begins."""
    ranks: Mapping[str, tuple[str, ...]] = {}
    """Columns that are sorted by the place of their value in this list, and not by the value itself."""

    @property
    def name(self) -> sql.Identifier:
        return sql.Identifier(self.schema_name, self.object_type)

    def kind(self, column: str) -> ColumnType:
        """The column's type. Raises UsageError (COLUMN_UNKNOWN)."""
        if column not in self.columns:
            raise UsageError(column, code="COLUMN_UNKNOWN", column=column)
        return self.columns[column]


OUR_COLUMNS: Mapping[str, ColumnType] = {
    name: ColumnType(kind.split()[0]) for name, kind in OURS if name not in ("_rejected", "_more")
}
"""Those of our own columns that a reader may choose, filter and sort."""


def condition(table: Table, selection: Selection) -> sql.Composed:
    """What every row of the selection fulfils. Raises UsageError (FILTER_MALFORMED, COLUMN_UNKNOWN)."""
    parts: list[sql.Composable] = [
        sql.SQL("_archived_at IS NOT NULL AND _purged_at IS NULL") if selection.archived else LIVE
    ]
    parts.extend(_filter(table, item) for item in selection.filters)
    if _WORD.search(selection.search):
        parts.append(_search(table, selection.search))
    return sql.SQL(" AND ").join(parts)


def sort_key(table: Table, column: str) -> sql.Composable:
    """What the order compares: folded text, the place among labels, or the value."""
    kind, name = table.kind(column), sql.Identifier(column)
    if column in table.ranks:
        return sql.SQL("array_position({}::text[], {}::text)").format(sql.Literal(list(table.ranks[column])), name)
    if kind is ColumnType.TEXT:
        return sql.SQL("left({}, {})").format(_folded(name), sql.Literal(_SORTED_CHARACTERS))
    if kind is ColumnType.TEXT_ARRAY:
        return sql.SQL("array_to_string({}, ';')").format(name)
    if kind is ColumnType.JSONB:
        return sql.SQL("left({}::text, {})").format(name, sql.Literal(_SORTED_CHARACTERS))
    return name


def key_type(table: Table, column: str) -> sql.SQL:
    """The SQL type of :func:`sort_key`."""
    if column in table.ranks:
        return sql.SQL("integer")
    kind = table.kind(column)
    text = kind in (ColumnType.TEXT, ColumnType.TEXT_ARRAY, ColumnType.JSONB)
    return sql.SQL("text" if text else kind.value)


def search_document(object_type: str, columns: Mapping[str, ColumnType]) -> sql.Composed | None:
    """The words of a row that a search looks into; None when the table has no text to search. Immutable."""
    names = [name for name in main_columns(object_type, columns).search if columns[name] is ColumnType.TEXT]
    if not names:
        return None
    texts = [sql.SQL("coalesce({}, '')").format(sql.SQL("left({}, 2000)").format(sql.Identifier(n))) for n in names]
    together = sql.SQL(" || ' ' || ").join(texts)
    return sql.SQL("to_tsvector('simple'::regconfig, translate(lower({}), {}, {}))").format(
        together, sql.Literal(_ACCENTS), sql.Literal(_SPACED)
    )


def _folded(text: sql.Composable) -> sql.Composed:
    return sql.SQL("translate(lower({}), {}, {})").format(text, sql.Literal(_ACCENTS), sql.Literal(_PLAIN))


def _caseless(text: sql.Composable) -> sql.Composed:
    """Without case and accents, and with its punctuation."""
    letters = _ACCENTS[: len(_PLAIN)]
    return sql.SQL("translate(lower({}), {}, {})").format(text, sql.Literal(letters), sql.Literal(_PLAIN))


def _search(table: Table, search: str) -> sql.Composable:
    words = _WORD.findall(search.lower().translate(_FOLDING))[:_MOST_WORDS]
    found: list[sql.Composable] = []
    document = search_document(table.object_type, table.columns)
    if document is not None:
        terms = " & ".join(f"'{word}':*" for word in words)
        query = sql.SQL("to_tsquery('simple'::regconfig, {})").format(sql.Literal(terms))
        found.append(sql.SQL("{} @@ {}").format(document, query))
    if len(words) == 1 and words[0].isascii() and words[0].isdigit() and int(words[0]) < _ID_LIMIT:
        found.append(sql.SQL("id = {}").format(sql.Literal(int(words[0]))))
    return sql.SQL("({})").format(sql.SQL(" OR ").join(found)) if found else sql.SQL("false")


def _filter(table: Table, item: Filter) -> sql.Composable:
    kind, name = table.kind(item.column), sql.Identifier(item.column)
    match item.operator:
        case Operator.EMPTY | Operator.FILLED:
            return _emptiness(kind, name, empty=item.operator is Operator.EMPTY)
        case Operator.TRUE | Operator.FALSE:
            if kind is not ColumnType.BOOLEAN:
                raise _malformed(item)
            return sql.SQL("{} IS {}").format(name, sql.SQL(item.operator.value))
    if not item.values:
        raise _malformed(item)
    if item.operator is Operator.AMONG:
        return _among(kind, name, item)
    if item.operator in (Operator.FROM, Operator.TO) or kind in _DAY_TYPES:
        return _range(table, kind, name, item)
    return _matches(kind, name, item)


def _emptiness(kind: ColumnType, name: sql.Identifier, *, empty: bool) -> sql.Composed:
    """HubSpot does not tell an empty text from none."""
    blank = {ColumnType.TEXT: "''", ColumnType.TEXT_ARRAY: "'{}'"}.get(kind)
    if blank is None:
        return sql.SQL("{} IS NULL" if empty else "{} IS NOT NULL").format(name)
    template = "({0} IS NULL OR {0} = {1})" if empty else "({0} IS NOT NULL AND {0} <> {1})"
    return sql.SQL(template).format(name, sql.SQL(blank))


def _among(kind: ColumnType, name: sql.Identifier, item: Filter) -> sql.Composed:
    if kind is ColumnType.TEXT_ARRAY:
        return sql.SQL("{} && {}::text[]").format(name, sql.Literal(list(item.values)))
    return sql.SQL("{}::text = ANY({}::text[])").format(name, sql.Literal(list(item.values)))


def _matches(kind: ColumnType, name: sql.Identifier, item: Filter) -> sql.Composed:
    value = item.values[0]
    if kind is ColumnType.TEXT_ARRAY:
        return sql.SQL("{} @> {}::text[]").format(name, sql.Literal([value]))
    if kind in (ColumnType.NUMERIC, ColumnType.BIGINT) and item.operator is Operator.EQUALS:
        return sql.SQL("{} = {}").format(name, sql.Literal(_number(item)))
    text = _caseless(sql.SQL("{}::text").format(name) if kind is not ColumnType.TEXT else name)
    if item.operator is Operator.EQUALS:
        return sql.SQL("{} = {}").format(text, _caseless(sql.Literal(value)))
    # strpos and not LIKE: % and _ in what the user wrote mean themselves.
    return sql.SQL("strpos({}, {}) > 0").format(text, _caseless(sql.Literal(value)))


def _range(table: Table, kind: ColumnType, name: sql.Identifier, item: Filter) -> sql.Composed:
    if kind in (ColumnType.NUMERIC, ColumnType.BIGINT):
        comparison = sql.SQL(">=" if item.operator is Operator.FROM else "<=")
        return sql.SQL("{} {} {}").format(name, comparison, sql.Literal(_number(item)))
    if kind not in _DAY_TYPES:
        raise _malformed(item)
    day = sql.Literal(_day(item))
    begin, end = sql.SQL("{}::date").format(day), sql.SQL("({}::date + 1)").format(day)
    if kind is ColumnType.TIMESTAMPTZ:
        zone = sql.Literal(table.time_zone)
        begin, end = (sql.SQL("({}::timestamp AT TIME ZONE {})").format(edge, zone) for edge in (begin, end))
    from_begin = sql.SQL("{} >= {}").format(name, begin)
    before_end = sql.SQL("{} < {}").format(name, end)
    if item.operator is Operator.FROM:
        return from_begin
    return before_end if item.operator is Operator.TO else sql.SQL("({} AND {})").format(from_begin, before_end)


def _number(item: Filter) -> Decimal:
    written = item.values[0].replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise _malformed(item) from None
    if not number.is_finite() or number.adjusted() > _MOST_DIGITS:
        raise _malformed(item)
    return number


_MOST_DIGITS = 1_000


def _day(item: Filter) -> date:
    try:
        return date.fromisoformat(item.values[0])
    except ValueError:
        raise _malformed(item) from None


def _malformed(item: Filter) -> UsageError:
    value = ", ".join(item.values)
    return UsageError(item.column, code="FILTER_MALFORMED", column=item.column, value=value[:80])
