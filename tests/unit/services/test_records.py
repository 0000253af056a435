"""A record with everything that is known of it."""

from decimal import Decimal

import pytest

from ontologie.errors import UsageError
from ontologie.model.record import Fates, Link, LinkSet, Merge
from ontologie.model.schema import ColumnType
from ontologie.services import grid, records, sources
from ontologie.services.context import Context
from ontologie.services.grid import Sheet
from ontologie.services.sources import SourceRequest
from ontologie.store import tables
from tests.unit.services.test_grid import theirs
from tests.unit.store.rows import NOW, Bench, links, record, schema_of

CONTACTS = schema_of(
    "firstname",
    "lastname",
    "email",
    theirs("id", ColumnType.TEXT, group_name="odd"),
    theirs("score", ColumnType.NUMERIC, group_name="numbers"),
    theirs("age", ColumnType.NUMERIC, group_name="numbers"),
)
COMPANIES = schema_of("name", object_type="companies")
NOTES = schema_of("hs_note_body", theirs("hs_timestamp", ColumnType.TIMESTAMPTZ), object_type="notes")


def noted(*pairs: tuple[int, int]) -> LinkSet:
    made = tuple(Link(from_id=note, to_id=to, category="HUBSPOT_DEFINED", type_id=202) for note, to in pairs)
    return LinkSet(from_type="notes", to_type="contacts", from_ids=tuple(one for one, _ in pairs), links=made)


async def people(context: Context) -> Sheet:
    await sources.add(context, SourceRequest(name="acme", connector="hubspot", token="portal-7", frequency="manual"))
    async with context.pool.connection() as connection:
        await tables.ensure_source_schema(connection, "hubspot_acme", "ontologie_reader")
        bench = Bench(connection, "hubspot_acme")
        await bench.take_lease()
        for schema in (CONTACTS, COMPANIES, NOTES):
            await bench.ensure(schema)
        await bench.load(COMPANIES, record(10, {"name": "<b>Acme</b>"}), record(11, {"name": "Old"}, archived_at=NOW))
        await bench.load(
            CONTACTS,
            record(1, {"firstname": "Ada", "lastname": "L", "id": "theirs", "score": "0.1000000000000000000001",
                       "age": "many"}),
            record(2, {"email": "only@mail.example"}),
            record(3),
            link_sets=[links((1, 10), (1, 11), (1, 12), asked=[1])],
        )  # fmt: skip
        await bench.settle(CONTACTS, Fates(merged=(Merge(from_id=3, into_id=1),)), 3)
        await bench.load(
            NOTES,
            record(5, {"hs_note_body": "<p>first</p>", "hs_timestamp": "2026-11-01T00:00:00Z"}),
            record(6, {"hs_note_body": "second", "hs_timestamp": "2026-11-02T00:00:00Z"}),
            link_sets=[noted((5, 1), (6, 1))],
        )
        await connection.execute(
            "INSERT INTO hubspot_acme.association_labels VALUES (1, 2, 'HUBSPOT_DEFINED', 1, 'Primary')"
        )
    shown = await grid.sheet(context, "acme", "contacts")
    assert shown is not None
    return shown


async def test_a_record_has_its_properties_by_group_and_its_rejected_values(context: Context) -> None:
    found = await records.find(context, await people(context), "1")
    values = {item.column.property: item for _, group in found.groups for item in group}
    assert found.title == "Ada L"
    assert values["id"].value == "theirs"
    assert values["score"].value == Decimal("0.1000000000000000000001")
    assert (values["age"].value, values["age"].rejected) == (None, "many")
    assert [item.column.property for item in found.rejected] == ["age"]
    assert not values["email"].filled


async def test_a_record_has_its_links_with_labels_and_what_became_of_them(context: Context) -> None:
    found = await records.find(context, await people(context), "1")
    [companies] = found.links
    assert (companies.object_type, companies.total) == ("companies", 3)
    told = [
        (link.id, link.summary and link.summary.title, link.summary and link.summary.live) for link in companies.links
    ]
    assert told == [(10, "<b>Acme</b>", True), (11, "Old", False), (12, None, None)]
    assert companies.links[0].labels == ("Primary",)


async def test_links_are_seen_from_the_other_side_too(context: Context) -> None:
    await people(context)
    shown = await grid.sheet(context, "acme", "companies")
    assert shown is not None
    [contacts] = (await records.find(context, shown, "10")).links
    assert [(link.id, link.labels) for link in contacts.links] == [(1, ("Primary",))]


async def test_engagements_are_a_timeline_newest_first(context: Context) -> None:
    found = await records.find(context, await people(context), "1")
    assert [item.body for item in found.activities] == ["second", "<p>first</p>"]


async def test_merges_are_told_on_both_records(context: Context) -> None:
    shown = await people(context)
    assert (await records.find(context, shown, "1")).merged_from == (3,)
    assert (await records.find(context, shown, "3")).merged_into == 1


async def test_a_record_without_a_name_goes_by_its_address(context: Context) -> None:
    assert (await records.find(context, await people(context), "2")).title == "only@mail.example"


async def test_a_record_has_its_page_in_hubspot(context: Context) -> None:
    found = await records.find(context, await people(context), "2")
    assert (found.address, found.simulated) == ("https://app.hubspot.com/contacts/7/record/0-1/2", False)


@pytest.mark.parametrize("wrong", ["99", "x", "-1", "1e3", "²", "99999999999999999999", "1; drop table x"])
async def test_a_record_that_is_not_there_says_so(context: Context, wrong: str) -> None:
    shown = await people(context)
    with pytest.raises(UsageError) as refused:
        await records.find(context, shown, wrong)
    assert refused.value.code == "RECORD_UNKNOWN"


async def test_an_erased_record_is_not_there(context: Context) -> None:
    shown = await people(context)
    async with context.pool.connection() as connection:
        await connection.execute("UPDATE hubspot_acme.contacts SET _purged_at = now() WHERE id = 1")
    with pytest.raises(UsageError):
        await records.find(context, shown, "1")


async def test_a_record_shows_what_the_table_has_no_room_for(context: Context) -> None:
    await people(context)
    wide = schema_of(
        "firstname", *(theirs(f"p{number:04}", ColumnType.NUMERIC, group_name="many") for number in range(1_510)),
    )  # fmt: skip
    async with context.pool.connection() as connection:
        bench = Bench(connection, "hubspot_acme")
        await bench.take_lease()
        await bench.ensure(wide)
        placed = await tables.read_schema(connection, "hubspot_acme", "contacts")
        assert placed is not None
        await bench.load(placed, record(1, {"firstname": "Ada", "p0000": "12.5", "p1509": "7.25"}, minutes=1))
    shown = await grid.sheet(context, "acme", "contacts")
    assert shown is not None
    assert "p1509" in {column.property for column in shown.beside}
    found = await records.find(context, shown, "1")
    values = {item.column.property: item for _, group in found.groups for item in group}
    assert values["p0000"].value == Decimal("12.5")
    assert values["p1509"].value == "7.25"
    assert values["p1509"].column.label == "P1509"
    assert not values["p1508"].filled
