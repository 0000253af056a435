"""Views that follow their tables."""

from typing import Any

import msgspec
import pytest
from psycopg import sql

from ontologie import tasks
from ontologie.database.pool import Connection, connect
from ontologie.model.record import Fates, Merge
from ontologie.model.reference import AssociationLabel, Owner, Pipeline, PipelineStage, ReferenceData
from ontologie.model.schema import ColumnType, ObjectSchema
from ontologie.model.stream import AssociationPair
from ontologie.store import reference
from tests.unit.store.rows import NOW, Bench, links, prop, record, schema_of
from tests.waiting import until

OWNED = (
    prop("amount", ColumnType.NUMERIC),
    prop("dealstage"),
    prop("hubspot_owner_id", ColumnType.BIGINT),
    prop("pipeline"),
)
DEALS = schema_of(*OWNED, object_type="deals")
OWNER = Owner(
    id=7, email="a@x.org", first_name="Ada", last_name="L", type="PERSON", user_id=1, archived=False,
    created_at=NOW, updated_at=NOW,
)  # fmt: skip
STAGE = PipelineStage(id="won", label="Won", display_order=0, probability=None, is_closed=True, archived=False)
PIPELINE = Pipeline(
    object_type="deals", id="default", label="Sales", display_order=0, archived=False, stages=(STAGE,)
)
LABEL = AssociationLabel(from_type="contacts", to_type="companies", category="HUBSPOT_DEFINED", type_id=1, label="Main")
PAIR = AssociationPair(from_type="contacts", to_type="companies")
DATA = ReferenceData(owners=(OWNER,), pipelines={"deals": (PIPELINE,)}, labels={PAIR: (LABEL,)})


async def deals(bench: Bench, schema: ObjectSchema = DEALS, **values: str) -> list[dict[str, Any]]:
    """The enriched view once one deal with these values is stored."""
    given = {"dealstage": "won", "pipeline": "default", "hubspot_owner_id": "7", "amount": "5"} | values
    await bench.retype(schema, record(1, given, minutes=1))
    await bench.rebuild_views()
    return await bench.rows("deals_enriched")


async def test_deals_show_the_names_of_stage_pipeline_and_owner(bench: Bench) -> None:
    await reference.write_reference_data(bench.connection, bench.schema_name, DATA, bench.epoch)
    [deal] = await deals(bench)
    assert (deal["stage_label"], deal["pipeline_label"], deal["owner_name"]) == ("Won", "Sales", "Ada L")
    assert deal["stage_is_closed"] is True


async def test_deals_whose_references_are_unknown_are_shown_all_the_same(bench: Bench) -> None:
    [deal] = await deals(bench)
    assert (deal["stage_label"], deal["owner_name"]) == (None, None)


async def test_a_new_property_shows_in_the_view(bench: Bench) -> None:
    await deals(bench)
    wider = msgspec.structs.replace(DEALS, properties=(prop("added"), *DEALS.properties))
    [deal] = await deals(bench, wider, added="here")
    assert deal["added"] == "here"


async def test_a_retyped_property_shows_its_new_values_in_the_view(bench: Bench) -> None:
    await deals(bench)
    retyped = tuple(prop("amount") if item.name == "amount" else item for item in DEALS.properties)
    [deal] = await deals(bench, msgspec.structs.replace(DEALS, properties=retyped), amount="about five")
    assert deal["amount"] == "about five"


async def test_engagements_show_what_their_types_have_in_common_and_follow_new_types(bench: Bench) -> None:
    calls = schema_of(prop("hs_timestamp", ColumnType.TIMESTAMPTZ), "hs_call_title", object_type="calls")
    await bench.ensure(calls)
    await bench.load(calls, record(1, {"hs_call_title": "Hello", "hs_timestamp": "2026-11-20T12:00:00Z"}))
    await bench.rebuild_views()
    notes = schema_of("something_else", object_type="notes")
    await bench.ensure(notes)
    await bench.load(notes, record(2))
    await bench.rebuild_views()
    found = [(row["type"], row["id"], row["title"]) for row in await bench.rows("engagements", order="id")]
    assert found == [("call", 1, "Hello"), ("note", 2, None)]


async def test_views_leave_archived_and_merged_rows_out(bench: Bench) -> None:
    await deals(bench)
    await bench.load(DEALS, record(2), record(3))
    await bench.archive(DEALS, record(1, {"amount": "5"}, minutes=2, archived_at=NOW))
    await bench.settle(DEALS, Fates(merged=(Merge(from_id=2, into_id=3),)), 2)
    assert [row["id"] for row in await bench.rows("deals_enriched")] == [3]


async def test_links_are_shown_in_both_directions_with_their_label(bench: Bench) -> None:
    contacts = schema_of("firstname")
    await bench.ensure(contacts)
    await reference.write_reference_data(bench.connection, bench.schema_name, DATA, bench.epoch)
    await bench.load(contacts, record(1), link_sets=[links((1, 10), asked=[1])])
    await bench.rebuild_views()
    found = [
        (row["from_type"], row["from_id"], row["to_type"], row["to_id"], row["label"])
        for row in await bench.rows("association_links", order="reversed")
    ]
    assert found == [("contacts", 1, "companies", 10, "Main"), ("companies", 10, "contacts", 1, "Main")]


async def test_views_are_left_alone_while_nothing_changed(bench: Bench) -> None:
    await deals(bench)
    before = await _view_numbers(bench)
    await bench.rebuild_views()
    assert await _view_numbers(bench) == before


async def _view_numbers(bench: Bench) -> list[Any]:
    cursor = await bench.connection.execute(
        sql.SQL(
            "SELECT oid::text FROM pg_class WHERE relkind = 'v' AND relnamespace = to_regnamespace({}) ORDER BY oid"
        ).format(sql.Literal(bench.schema_name))
    )
    return await cursor.fetchall()


async def test_the_reader_role_reads_tables_and_views_and_nothing_of_ours(bench: Bench) -> None:
    await deals(bench)
    cursor = await bench.connection.execute(
        sql.SQL(
            "SELECT has_table_privilege('ontologie_reader', {}, 'SELECT') AS views,"
            " has_table_privilege('ontologie_reader', {}, 'SELECT') AS tables,"
            " has_table_privilege('ontologie_reader', {}, 'UPDATE') AS writes,"
            " has_schema_privilege('ontologie_reader', 'ontologie', 'USAGE') AS ours"
        ).format(
            sql.Literal(f"{bench.schema_name}.deals_enriched"),
            sql.Literal(f"{bench.schema_name}.deals"),
            sql.Literal(f"{bench.schema_name}.deals"),
        )
    )
    assert await cursor.fetchone() == {"views": True, "tables": True, "writes": False, "ours": False}


@pytest.mark.parametrize(("missing", "unread"), [("owners", None), ("pipelines", {}), ("labels", {})])
async def test_reference_data_that_could_not_be_read_stays(bench: Bench, missing: str, unread: object) -> None:
    write = reference.write_reference_data
    await write(bench.connection, bench.schema_name, DATA, bench.epoch)
    empty = ReferenceData(owners=(), pipelines={"deals": ()}, labels={PAIR: ()})
    empty = msgspec.structs.replace(empty, **{missing: unread})
    await write(bench.connection, bench.schema_name, empty, bench.epoch)
    tables = {"owners": "owners", "pipelines": "pipeline_stages", "labels": "association_labels"}
    assert {name for name, table in tables.items() if await bench.rows(table)} == {missing}


async def test_views_that_others_made_on_ours_live_on_and_their_rights_too(bench: Bench) -> None:
    await deals(bench)
    name = sql.Identifier(bench.schema_name)
    for statement in (
        "CREATE SCHEMA IF NOT EXISTS mine",
        "CREATE OR REPLACE VIEW mine.open AS SELECT id, amount FROM {}.deals_enriched",
        "CREATE OR REPLACE VIEW mine.many AS SELECT count(*) AS n FROM mine.open",
        "GRANT USAGE ON SCHEMA mine TO ontologie_reader",
        "GRANT SELECT ON mine.many TO ontologie_reader",
    ):
        await bench.connection.execute(sql.SQL(statement).format(name))
    wider = schema_of(*DEALS.properties, "added_later", object_type="deals")
    await bench.ensure(wider)
    await bench.rebuild_views()
    cursor = await bench.connection.execute(
        "SELECT (SELECT n FROM mine.many) > 0 AS lives, has_table_privilege('ontologie_reader', 'mine.many', 'SELECT')"
        " AS readable"
    )
    assert await cursor.fetchone() == {"lives": True, "readable": True}
    assert "added_later" in (await bench.rows("deals_enriched"))[0]


async def test_a_view_that_cannot_be_made_again_is_in_the_drift_log_with_its_text(bench: Bench) -> None:
    await deals(bench)
    name = sql.Identifier(bench.schema_name)
    await bench.connection.execute("CREATE SCHEMA IF NOT EXISTS mine")
    await bench.connection.execute(
        sql.SQL("CREATE VIEW mine.sums AS SELECT sum(amount) AS total FROM {}.deals_enriched").format(name)
    )
    kept = (item for item in DEALS.properties if item.name != "amount")
    await bench.retype(schema_of(*kept, prop("amount", ColumnType.TEXT), object_type="deals"))
    [lost] = [item for item in await bench.rows("_drift") if item["change"] == "view_lost"]
    assert (lost["object_type"], lost["property"]) == ("deals_enriched", "mine.sums")
    assert "sum(" in lost["before"]


async def test_a_reader_who_holds_a_view_for_some_seconds_stops_nothing(
    bench: Bench, other_connection: Connection, database_url: str
) -> None:
    await bench.ensure(schema_of("hs_timestamp", object_type="calls"))
    await bench.rebuild_views()
    await bench.ensure(schema_of("hs_timestamp", "hs_call_title", object_type="calls"))
    waits: set[object] = set()
    waiting = "SELECT waitstart FROM pg_locks WHERE pid = %s AND waitstart IS NOT NULL"
    async with await connect(database_url) as onlooker:
        await other_connection.execute(f"BEGIN; SELECT FROM {bench.schema_name}.engagements".encode())
        async with tasks.beside(bench.rebuild_views()) as [rebuilding]:

            async def tried_twice() -> bool:
                found = await onlooker.execute(waiting, [bench.connection.info.backend_pid])
                waits.update(row["waitstart"] for row in await found.fetchall())
                return len(waits) > 1 or rebuilding.done()

            await until(tried_twice, "a second try")
            await other_connection.execute("ROLLBACK")
            await rebuilding
