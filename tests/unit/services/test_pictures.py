"""Sums and counts that the pictures are drawn from."""

from datetime import date
from decimal import Decimal

import msgspec

from ontologie.model.schema import ColumnType
from ontologie.services import pictures, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from ontologie.store import tables
from tests.unit.services.test_grid import theirs
from tests.unit.store.rows import NOW, Bench, record, schema_of

DEALS = schema_of(
    "pipeline",
    "dealstage",
    "deal_currency_code",
    theirs("amount", ColumnType.NUMERIC),
    theirs("closedate", ColumnType.TIMESTAMPTZ),
    object_type="deals",
)
HOME = theirs("amount_in_home_currency", ColumnType.NUMERIC)
CONTACTS = schema_of(theirs("lifecyclestage", ColumnType.TEXT, options=(("lead", "Lead"), ("customer", "Customer"))))
NOTES = schema_of(theirs("hs_timestamp", ColumnType.TIMESTAMPTZ), object_type="notes")


def deal(number: int, stage: str, amount: str, closed: str = "2026-11-01T12:00:00Z", **more: str) -> object:
    return record(number, {"pipeline": "p", "dealstage": stage, "amount": amount, "closedate": closed, **more})


async def synced(context: Context, *loads: tuple[object, list[object]]) -> object:
    source = await sources.add(
        context, SourceRequest(name="acme", connector="hubspot", token="portal-7", frequency="manual")
    )
    async with context.pool.connection() as connection:
        await tables.ensure_source_schema(connection, "hubspot_acme", "ontologie_reader")
        bench = Bench(connection, "hubspot_acme")
        await bench.take_lease()
        for schema, records in loads:
            await bench.ensure(schema)  # type: ignore[arg-type]
            await bench.load(schema, *records)  # type: ignore[arg-type]
        await connection.execute("INSERT INTO hubspot_acme.pipelines VALUES ('deals', 'p', 'Sales', 0, false)")
        await connection.execute(
            "INSERT INTO hubspot_acme.pipeline_stages VALUES ('deals', 'p', 'open', 'Open', 0, 0.2, false, false),"
            " ('deals', 'p', 'won', 'Won', 1, 1, true, false), ('deals', 'p', 'lost', 'Lost', 2, 0, true, false)"
        )
    return source


async def test_a_pipeline_has_all_its_stages_and_the_amounts_in_the_accounts_currency(context: Context) -> None:
    source = await synced(
        context,
        (DEALS, [deal(1, "open", "10"), deal(2, "open", "5", deal_currency_code="EUR"),
                 deal(3, "open", "1000", deal_currency_code="USD"),
                 record(4, {"pipeline": "p", "dealstage": "open", "amount": "7"}, archived_at=NOW)]),
    )  # fmt: skip
    found = await pictures.pipelines(context, source)  # type: ignore[arg-type]
    assert found is not None
    [sales] = found
    assert [(stage.stage, stage.deals, stage.amount) for stage in sales.stages] == [
        ("Open", 3, Decimal(15)), ("Won", 0, Decimal(0)), ("Lost", 0, Decimal(0))
    ]  # fmt: skip
    assert sales.foreign == 1


async def test_the_accounts_own_conversion_is_used_where_there_is_one(context: Context) -> None:
    wider = msgspec.structs.replace(DEALS, properties=(HOME, *DEALS.properties))
    source = await synced(
        context, (wider, [deal(1, "open", "1000", deal_currency_code="USD", amount_in_home_currency="900")])
    )
    found = await pictures.pipelines(context, source)  # type: ignore[arg-type]
    assert found is not None
    assert (found[0].stages[0].amount, found[0].foreign) == (Decimal(900), 0)


async def test_won_and_lost_are_counted_in_the_month_of_the_accounts_time_zone(context: Context) -> None:
    source = await synced(
        context,
        (DEALS, [deal(1, "won", "10", "2026-10-31T23:30:00Z"), deal(2, "lost", "4", "2026-10-31T22:30:00Z"),
                 deal(3, "won", "1", "2020-01-01T00:00:00Z"), deal(4, "open", "9")]),
    )  # fmt: skip
    found = await pictures.closings(context, source)  # type: ignore[arg-type]
    assert found is not None
    assert [month.month for month in found.months][:: len(found.months) - 1] == [date(2025, 12, 1), date(2026, 11, 1)]
    last = {month.month: (month.won, month.lost) for month in found.months[-2:]}
    # Paris left summer time on the 25th: 23:30 UTC is 0:30 of the first of November, 22:30 still October.
    assert last == {date(2026, 10, 1): (0, 1), date(2026, 11, 1): (1, 0)}


async def test_contacts_are_counted_by_stage_in_the_accounts_order(context: Context) -> None:
    stages = ["customer", "customer", "lead", "gone", None]
    source = await synced(
        context, (CONTACTS, [record(number, {"lifecyclestage": one}) for number, one in enumerate(stages, 1)])
    )
    found = await pictures.lifecycle(context, source)  # type: ignore[arg-type]
    assert found is not None
    assert found.stages == (("Lead", 1), ("Customer", 2), ("gone", 1), (None, 1))


async def test_engagements_are_counted_by_week(context: Context) -> None:
    moments = ["2026-11-16T00:00:00+01:00", "2026-11-15T23:59:00+01:00", "2020-01-01T00:00:00Z"]
    source = await synced(
        context, (NOTES, [record(number, {"hs_timestamp": at}) for number, at in enumerate(moments, 1)])
    )
    found = await pictures.weeks(context, source)  # type: ignore[arg-type]
    assert found is not None
    assert (found.weeks[-1], len(found.weeks)) == (date(2026, 11, 16), 12)
    assert found.counts == {"notes": (*[0] * 10, 1, 1)}


async def test_what_is_not_synced_has_no_picture(context: Context) -> None:
    source = await synced(context)
    for picture in (pictures.pipelines, pictures.closings, pictures.lifecycle, pictures.weeks):
        assert await picture(context, source) is None  # type: ignore[operator, arg-type]
