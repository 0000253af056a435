"""One record with everything that is known of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import structs

from ontologie.database.pool import Connection
from ontologie.errors import UsageError
from ontologie.model.object_types import ENGAGEMENTS, NUMBERS
from ontologie.model.schema import MORE
from ontologie.services.context import Context
from ontologie.services.grid import PATIENCE, Column, Kind, Sheet, object_types
from ontologie.store import grid, read, record
from ontologie.store.indexes import columns_of
from ontologie.store.record import Activity, Summary

_ID_LIMIT = 2**63
_SHOWN_ACTIVITIES = 50
_SHOWN_LINKS = 25
"""Per object type; the number of all of them is told."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A property of a record. ``rejected`` is what the account sent where it did not fit the column's type."""

    column: Column
    value: Any
    rejected: str | None = None

    @property
    def filled(self) -> bool:
        return self.value not in (None, "", []) or self.rejected is not None


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """One linked record. ``summary`` None: it is not in the store."""

    id: int
    labels: tuple[str, ...]
    summary: Summary | None


class LinkedGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The linked records of one type; ``total`` counts those that are not shown too."""

    object_type: str
    total: int
    links: tuple[Linked, ...]
    readable: bool
    """The type is one of the source's tables, so that its records have pages."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record as its page shows it."""

    id: int
    title: str | None
    groups: tuple[tuple[str, tuple[Value, ...]], ...]
    """By HubSpot's groups of properties, the fullest known first."""
    archived_at: datetime | None
    merged_into: int | None
    merged_from: tuple[int, ...]
    created_at: datetime | None
    updated_at: datetime | None
    synced_at: datetime | None
    links: tuple[LinkedGroup, ...]
    activities: tuple[Activity, ...]
    activities_total: int
    address: str | None
    """The record's page in HubSpot."""
    currency: str | None
    """What its amounts are in: its own currency, else the account's."""
    simulated: bool
    """The account is this installation's simulated portal, where that page does not exist."""

    @property
    def rejected(self) -> tuple[Value, ...]:
        return tuple(item for _, values in self.groups for item in values if item.rejected is not None)


async def find(context: Context, shown: Sheet, record_id: str) -> Record:
    """The record. Raises UsageError (RECORD_UNKNOWN)."""
    unknown = UsageError(record_id, code="RECORD_UNKNOWN", id=record_id[:40], object_type=shown.object_type)
    if not (record_id.isascii() and record_id.isdigit()) or int(record_id) >= _ID_LIMIT:
        raise unknown
    number, name = int(record_id), shown.source.schema_name
    async with context.reader.connection() as connection, grid.reading(connection, patience=PATIENCE):
        row = await record.read_row(connection, name, shown.object_type, number)
        if row is None:
            raise unknown
        links = await record.read_links(connection, name, shown.object_type, number)
        tables = [item for item in object_types(context, shown.source) if await read.exists(connection, name, item)]
        groups, activities, total = await _linked(connection, shown, links, tables)
        titles = await record.read_summaries(connection, name, shown.object_type, [number], shown.table.columns)
        former = await record.merged_from(connection, name, shown.object_type, number)
    moments = {key: _moment(row[key]) for key in ("_archived_at", "_created_at", "_updated_at", "_synced_at")}
    return Record(
        id=number,
        title=titles[number].title if number in titles else None,
        groups=_groups(shown, row),
        archived_at=moments["_archived_at"],
        merged_into=row["_merged_into"],
        merged_from=tuple(former),
        created_at=moments["_created_at"],
        updated_at=moments["_updated_at"],
        synced_at=moments["_synced_at"],
        links=groups,
        activities=activities,
        activities_total=total,
        address=_address(shown, number),
        currency=row.get("deal_currency_code") or shown.currency,
        simulated=shown.source.simulated,
    )


async def _linked(
    connection: Connection, shown: Sheet, links: Sequence[record.LinkedTo], tables: Sequence[str]
) -> tuple[tuple[LinkedGroup, ...], tuple[Activity, ...], int]:
    """Links to other records by type, and the record's engagements, newest first."""
    groups: list[LinkedGroup] = []
    activities: list[Activity] = []
    name = shown.source.schema_name
    for object_type in dict.fromkeys(item.object_type for item in links):
        found = [item for item in links if item.object_type == object_type]
        readable = object_type in tables
        columns = await columns_of(connection, name, object_type) if readable else {}
        if object_type in ENGAGEMENTS and readable:
            ids = [item.id for item in found]
            activities += await record.read_activities(connection, name, object_type, ids, columns)
            continue
        first = found[:_SHOWN_LINKS]
        ids = [item.id for item in first]
        summaries = await record.read_summaries(connection, name, object_type, ids, columns) if readable else {}
        told = tuple(Linked(id=item.id, labels=item.labels, summary=summaries.get(item.id)) for item in first)
        groups.append(LinkedGroup(object_type=object_type, total=len(found), links=told, readable=readable))
    newest = sorted(activities, key=lambda item: (item.at is not None, item.at, item.id), reverse=True)
    return tuple(groups), tuple(newest[:_SHOWN_ACTIVITIES]), len(newest)


def _groups(shown: Sheet, row: dict[str, Any]) -> tuple[tuple[str, tuple[Value, ...]], ...]:
    rejected: dict[str, Any] = row["_rejected"] or {}
    more: dict[str, Any] = row.get(MORE) or {}
    found: dict[str, list[Value]] = {}
    for column in (*shown.columns, *shown.beside):
        if not column.property or column.name not in row:
            continue
        if column.property in more:  # no room in the table, or none in this row: kept as the account sent it
            choice = column.kind is Kind.CHOICE
            column, value = structs.replace(column, kind=column.kind if choice else Kind.TEXT), more[column.property]
        else:
            value = None if column.name == MORE else row[column.name]
        refused = rejected.get(column.property)
        item = Value(column=column, value=value, rejected=None if refused is None else str(refused))
        found.setdefault(column.group, []).append(item)
    fullest = sorted(found.items(), key=lambda pair: (-sum(item.filled for item in pair[1]), pair[0]))
    return tuple(
        (group, tuple(sorted(values, key=lambda item: item.column.label.lower()))) for group, values in fullest
    )


def _address(shown: Sheet, number: int) -> str | None:
    account = shown.source.account
    if account is None or shown.object_type not in NUMBERS:
        return None
    kind = f"0-{NUMBERS[shown.object_type]}"
    return f"https://{account.ui_domain}/contacts/{account.portal_id}/record/{kind}/{number}"


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
