"""What a reader asks to see of a table: filters, a search, an order."""

import enum

import msgspec


class Operator(enum.StrEnum):
    """How a filter compares. Each takes the number of values that is said beside it."""

    CONTAINS = "contains"
    """1: somewhere in the text, whatever the case and the accents; in a list, one of its values."""
    EQUALS = "equals"
    """1: the same text, whatever the case and the accents; the same number, day or id."""
    AMONG = "among"
    """1 or more: one of these values (of a list: at least one of them)."""
    FROM = "from"
    """1: this number or day, or a later one."""
    TO = "to"
    """1: this number or day, or an earlier one."""
    TRUE = "true"
    FALSE = "false"
    EMPTY = "empty"
    FILLED = "filled"


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """One condition on one column. Values are text as a person writes it: ``12.5``, ``2026-11-20``."""

    column: str
    operator: Operator
    values: tuple[str, ...] = ()


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows, and in which order. Rows without a value in ``order`` come last in both directions."""

    filters: tuple[Filter, ...] = ()
    search: str = ""
    """Words that a row's main columns hold, each from its beginning."""
    order: str = "_updated_at"
    descending: bool = True
    archived: bool = False
    """The archived and merged rows instead of the live ones."""
