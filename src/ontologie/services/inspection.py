"""What a table says of itself: its columns and how they fill and drift, and the values that were refused."""

import msgspec

from ontologie.services.context import Context
from ontologie.services.grid import PATIENCE, Column, Sheet
from ontologie.store import grid, inspection
from ontologie.store.drift import Entry
from ontologie.store.inspection import Refused, SetAside

_PAGE_RECORDS = 50


class ColumnReport(msgspec.Struct, frozen=True, kw_only=True):
    """A property's column. ``filled`` is a share from 0 to 1, estimated; None: not known yet."""

    column: Column
    type: str
    filled: float | None


class SchemaReport(msgspec.Struct, frozen=True, kw_only=True):
    """The columns by their labels, and what changed in them, newest first."""

    columns: tuple[ColumnReport, ...]
    drift: tuple[Entry, ...]

    @property
    def unseen(self) -> tuple[int, ...]:
        """Those changes that nobody has acknowledged."""
        return tuple(item.id for item in self.drift if item.acknowledged_at is None)


class RefusedReport(msgspec.Struct, frozen=True, kw_only=True):
    """Records with rejected values, by id. ``after`` asks for the next ones; None: there are none."""

    records: tuple[Refused, ...]
    after: int | None
    aside: tuple[SetAside, ...]


async def schema(context: Context, shown: Sheet) -> SchemaReport:
    """The columns of a table."""
    name = shown.source.schema_name
    async with context.reader.connection() as connection, grid.reading(connection, patience=PATIENCE):
        rates = await inspection.fill_rates(connection, name, shown.object_type)
        drift = await inspection.drift(connection, name, shown.object_type)
    columns = [
        ColumnReport(column=item, type=shown.table.columns[item.name].value, filled=rates.get(item.name))
        for item in shown.columns
        if item.property
    ]
    columns.sort(key=lambda item: item.column.label.casefold())
    return SchemaReport(columns=tuple(columns), drift=tuple(drift))


async def rejected(context: Context, shown: Sheet, *, after: int = 0) -> RefusedReport:
    """The values that did not fit, a page of records at a time, and the records that are no rows."""
    name = shown.source.schema_name
    async with context.reader.connection() as connection, grid.reading(connection, patience=PATIENCE):
        found = await inspection.refused(connection, name, shown.object_type, after=after, limit=_PAGE_RECORDS + 1)
        aside = await inspection.set_aside(connection, name, shown.object_type)
    page = found[:_PAGE_RECORDS]
    return RefusedReport(
        records=tuple(page), after=page[-1].id if len(found) > _PAGE_RECORDS else None, aside=tuple(aside)
    )
