"""Sums and counts that pictures are drawn from; live rows only, days in the account's time zone."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection, fetch
from ontologie.model.schema import ColumnType
from ontologie.store.read import LIVE


class StageSum(msgspec.Struct, frozen=True, kw_only=True):
    """The deals of one stage. ``amount`` leaves out the ``foreign`` ones, whose currency is another."""

    pipeline_id: str
    pipeline: str
    stage: str
    closed: bool
    deals: int
    amount: Decimal
    foreign: int


class MonthSum(msgspec.Struct, frozen=True, kw_only=True):
    """The deals that were closed in one month."""

    month: date
    won: int
    lost: int
    won_amount: Decimal
    lost_amount: Decimal


class WeekCount(msgspec.Struct, frozen=True, kw_only=True):
    """Engagements of one type in the week that begins on Monday ``week``."""

    object_type: str
    week: date
    count: int


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where and how to count."""

    schema_name: str
    time_zone: str
    currency: str | None


async def pipelines(connection: Connection, place: Place, columns: Mapping[str, ColumnType]) -> list[StageSum]:
    """Every stage of every pipeline in the account's order, the empty ones too."""
    amount, foreign = _amount(place, columns)
    rows = await fetch(
        connection,
        sql.SQL(
            "SELECT p.id AS pipeline_id, p.label AS pipeline, s.label AS stage, coalesce(s.is_closed, false) AS closed,"
            " coalesce(d.deals, 0) AS deals, coalesce(d.amount, 0) AS amount, coalesce(d.far, 0) AS foreign"
            " FROM {stages} s JOIN {pipelines} p ON p.object_type = s.object_type AND p.id = s.pipeline_id"
            " LEFT JOIN (SELECT pipeline, dealstage, count(*) AS deals, sum({amount}) AS amount,"
            "  count(*) FILTER (WHERE {foreign}) AS far FROM {deals} WHERE {live} GROUP BY 1, 2) d"
            " ON d.pipeline = s.pipeline_id AND d.dealstage = s.id"
            " WHERE s.object_type = 'deals' AND (NOT s.archived OR d.deals > 0)"
            " ORDER BY p.display_order, p.id, s.display_order, s.id"
        ).format(**_tables(place), amount=amount, foreign=foreign, live=LIVE),
    )
    return msgspec.convert(rows, list[StageSum])


async def closings(
    connection: Connection, place: Place, columns: Mapping[str, ColumnType], *, since: date
) -> list[MonthSum]:
    """Deals won and lost by the month they were closed in; months without any are left out."""
    amount, _ = _amount(place, columns)
    rows = await fetch(
        connection,
        sql.SQL(
            "SELECT date_trunc('month', d.closedate AT TIME ZONE {zone})::date AS month,"
            " count(*) FILTER (WHERE {won}) AS won, count(*) FILTER (WHERE NOT {won}) AS lost,"
            " coalesce(sum({amount}) FILTER (WHERE {won}), 0) AS won_amount,"
            " coalesce(sum({amount}) FILTER (WHERE NOT {won}), 0) AS lost_amount"
            " FROM {deals} d JOIN {stages} s ON s.object_type = 'deals' AND s.pipeline_id = d.pipeline"
            "  AND s.id = d.dealstage AND s.is_closed"
            " WHERE {live} AND d.closedate >= ({since}::timestamp AT TIME ZONE {zone}) AND d.closedate <= now()"
            " GROUP BY 1 ORDER BY 1"
        ).format(
            **_tables(place),
            amount=amount,
            live=LIVE,
            won=sql.SQL("(coalesce(s.probability, 0) = 1)"),
            zone=sql.Literal(place.time_zone),
            since=sql.Literal(since),
        ),
    )
    return msgspec.convert(rows, list[MonthSum])


async def values(connection: Connection, place: Place, object_type: str, column: str) -> dict[str | None, int]:
    """How many live rows have each value of a column; None: none."""
    rows = await fetch(
        connection,
        sql.SQL("SELECT nullif({column}, '') AS value, count(*) AS n FROM {table} WHERE {live} GROUP BY 1").format(
            column=sql.Identifier(column), table=sql.Identifier(place.schema_name, object_type), live=LIVE
        ),
    )
    return {row["value"]: row["n"] for row in rows}


async def engagements_per_week(
    connection: Connection, place: Place, object_types: list[str], *, since: date
) -> list[WeekCount]:
    """Engagements by type and week, those of the future left out."""
    found: list[WeekCount] = []
    for name in object_types:
        rows = await fetch(
            connection,
            sql.SQL(
                "SELECT {name} AS object_type, date_trunc('week', hs_timestamp AT TIME ZONE {zone})::date AS week,"
                " count(*) AS count FROM {table} WHERE {live} AND hs_timestamp <= now()"
                " AND hs_timestamp >= ({since}::timestamp AT TIME ZONE {zone}) GROUP BY 2 ORDER BY 2"
            ).format(
                name=sql.Literal(name),
                table=sql.Identifier(place.schema_name, name),
                live=LIVE,
                zone=sql.Literal(place.time_zone),
                since=sql.Literal(since),
            ),
        )
        found += msgspec.convert(rows, list[WeekCount])
    return found


def _amount(place: Place, columns: Mapping[str, ColumnType]) -> tuple[sql.Composable, sql.Composable]:
    """A deal's amount in the account's currency, and whether it has one in another currency only."""
    plain = sql.SQL("amount") if "amount" in columns else sql.SQL("NULL::numeric")
    if "deal_currency_code" not in columns:
        return plain, sql.SQL("false")
    ours = sql.SQL("(coalesce(deal_currency_code, '') IN ('', {}))").format(sql.Literal(place.currency or ""))
    home = sql.SQL("amount_in_home_currency") if "amount_in_home_currency" in columns else sql.SQL("NULL::numeric")
    amount = sql.SQL("coalesce({home}, CASE WHEN {ours} THEN {plain} END)").format(home=home, ours=ours, plain=plain)
    return amount, sql.SQL("{plain} IS NOT NULL AND {amount} IS NULL").format(plain=plain, amount=amount)


def _tables(place: Place) -> dict[str, sql.Composable]:
    names = {"deals": "deals", "stages": "pipeline_stages", "pipelines": "pipelines"}
    return {key: sql.Identifier(place.schema_name, name) for key, name in names.items()}
