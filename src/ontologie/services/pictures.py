"""Pictures of a source's data: what its deals, contacts and engagements look like together."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from ontologie.database.pool import Connection
from ontologie.model.object_types import ENGAGEMENTS
from ontologie.model.schema import ColumnType
from ontologie.model.source import Source
from ontologie.services.context import Context
from ontologie.services.grid import PATIENCE, object_types
from ontologie.store import grid, pictures, read, tables
from ontologie.store.indexes import columns_of
from ontologie.store.labels import value_labels
from ontologie.store.pictures import MonthSum, Place, StageSum

_MONTHS = 12
_WEEKS = 12
_LIFECYCLE = "lifecyclestage"


class Lifecycle(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts by lifecycle stage: (label, count) in the account's order; None labels those without one."""

    stages: tuple[tuple[str | None, int], ...]


class PipelineSum(msgspec.Struct, frozen=True, kw_only=True):
    """A pipeline with its stages, both in the account's order."""

    name: str
    stages: tuple[StageSum, ...]

    @property
    def foreign(self) -> int:
        """Deals whose amount is in another currency only, and so in no sum."""
        return sum(stage.foreign for stage in self.stages)


class Closings(msgspec.Struct, frozen=True, kw_only=True):
    """Deals won and lost in each of the last months, the empty ones too, oldest first."""

    months: tuple[MonthSum, ...]


class Weeks(msgspec.Struct, frozen=True, kw_only=True):
    """Engagements of the last weeks by their Mondays, oldest first, and the counts by type and week."""

    weeks: tuple[date, ...]
    counts: dict[str, tuple[int, ...]]


async def pipelines(context: Context, source: Source) -> tuple[PipelineSum, ...] | None:
    """The stages of every pipeline with deals and amounts; None: there are no deals here."""
    async with context.reader.connection() as connection, grid.reading(connection, patience=PATIENCE):
        columns = await _needed(context, connection, source, "deals", ("pipeline", "dealstage"))
        if columns is None:
            return None
        found = await pictures.pipelines(connection, _place(source), columns)
    together = itertools.groupby(found, key=lambda stage: (stage.pipeline_id, stage.pipeline))
    return tuple(PipelineSum(name=name, stages=tuple(stages)) for (_, name), stages in together)


async def closings(context: Context, source: Source) -> Closings | None:
    """Won and lost over the last months; None: there are no deals here."""
    today = context.clock.now().astimezone(ZoneInfo(_place(source).time_zone)).date()
    months = [_months_before(today, back) for back in range(_MONTHS - 1, -1, -1)]
    async with context.reader.connection() as connection, grid.reading(connection, patience=PATIENCE):
        columns = await _needed(context, connection, source, "deals", ("pipeline", "dealstage", "closedate"))
        if columns is None:
            return None
        found = await pictures.closings(connection, _place(source), columns, since=months[0])
    known = {item.month: item for item in found}
    nothing = MonthSum(month=today, won=0, lost=0, won_amount=Decimal(0), lost_amount=Decimal(0))
    return Closings(months=tuple(known.get(month) or msgspec.structs.replace(nothing, month=month) for month in months))


async def lifecycle(context: Context, source: Source) -> Lifecycle | None:
    """Contacts by lifecycle stage; None: there are none here."""
    async with context.reader.connection() as connection, grid.reading(connection, patience=PATIENCE):
        if await _needed(context, connection, source, "contacts", (_LIFECYCLE,)) is None:
            return None
        schema = await tables.read_schema(connection, source.schema_name, "contacts")
        labels = await value_labels(connection, source.schema_name, schema) if schema else {}
        found = await pictures.values(connection, _place(source), "contacts", _LIFECYCLE)
    names = dict(labels.get(_LIFECYCLE, ()))
    ordered = [*names, *sorted(value for value in found if value is not None and value not in names)]
    stages: list[tuple[str | None, int]] = [(names.get(value, value), found.get(value, 0)) for value in ordered]
    return Lifecycle(stages=(*stages, (None, found.get(None, 0))))


async def weeks(context: Context, source: Source) -> Weeks | None:
    """Engagements per week; None: there are none here."""
    today = context.clock.now().astimezone(ZoneInfo(_place(source).time_zone)).date()
    monday = today - timedelta(days=today.weekday())
    mondays = tuple(monday - timedelta(weeks=back) for back in range(_WEEKS - 1, -1, -1))
    async with context.reader.connection() as connection, grid.reading(connection, patience=PATIENCE):
        there = [
            name
            for name in ENGAGEMENTS
            if await _needed(context, connection, source, name, ("hs_timestamp",)) is not None
        ]
        if not there:
            return None
        found = await pictures.engagements_per_week(connection, _place(source), there, since=mondays[0])
    known = {(item.object_type, item.week): item.count for item in found}
    return Weeks(weeks=mondays, counts={name: tuple(known.get((name, week), 0) for week in mondays) for name in there})


async def _needed(
    context: Context, connection: Connection, source: Source, object_type: str, names: tuple[str, ...]
) -> dict[str, ColumnType] | None:
    """The columns of the table, where it is there and has these; else None."""
    if object_type not in object_types(context, source):
        return None
    if not await read.exists(connection, source.schema_name, object_type):
        return None
    columns = await columns_of(connection, source.schema_name, object_type)
    return columns if all(name in columns for name in names) else None


def _place(source: Source) -> Place:
    account = source.account
    return Place(
        schema_name=source.schema_name,
        time_zone=account.time_zone if account else "UTC",
        currency=account.currency if account else None,
    )


def _months_before(day: date, back: int) -> date:
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)
