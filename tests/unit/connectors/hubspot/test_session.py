"""A session on a simulated portal: segments are read whole, on good days and on bad ones."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from hubspot_simulator import BadDays, Portal
from ontologie.connectors.contract import Session
from ontologie.errors import ContractBroken
from ontologie.model.checkpoint import Segment, SegmentKind
from ontologie.model.record import Batch
from ontologie.model.stream import AssociationPair
from tests.unit.connectors.hubspot.conftest import NOW

BACKFILL = Segment(kind=SegmentKind.BACKFILL, key="backfill", window_from=NOW)
SWEEP = Segment(kind=SegmentKind.SWEEP, key="sweep", window_from=NOW)
ARCHIVED = Segment(kind=SegmentKind.ARCHIVED, key="archived", window_from=NOW)
Make = Callable[..., Portal]
Open = Callable[[Portal], Any]


async def batches_of(session: Session, segment: Segment, object_type: str = "contacts") -> list[Batch]:
    schema = await session.schema(object_type, (), sensitive=False)
    return [batch async for batch in session.read(segment, schema, ())]


def ids_of(batches: list[Batch]) -> list[int]:
    return [record.id for batch in batches for record in batch.records]


def truth(portal: Portal, *, archived: bool = False) -> dict[int, dict[str, Any]]:
    rows = (row for row in portal.truth() if row["kind"] == "record" and row["type"] == "contacts")
    return {row["id"]: row for row in rows if row["archived"] is archived and not row["purged"]}


@pytest.mark.parametrize("segment", [BACKFILL, SWEEP])
async def test_all_records_come_with_all_their_values(make_portal: Make, open_session: Open, segment: Segment) -> None:
    portal = make_portal(contacts=1_300)
    async with open_session(portal) as session:
        batches = await batches_of(session, segment)
    expected = truth(portal)
    assert sorted(ids_of(batches)) == sorted(expected)
    for record in batches[0].records[:50]:
        given = {name: value for name, value in record.properties.items() if value is not None}
        present = {name: value for name, value in expected[record.id]["properties"].items() if value is not None}
        assert given == present


@pytest.mark.parametrize("contacts", [0, 1, 450])
async def test_every_segment_ends_with_one_that_is_done(make_portal: Make, open_session: Open, contacts: int) -> None:
    async with open_session(make_portal(contacts=contacts)) as session:
        for segment in (BACKFILL, SWEEP, ARCHIVED):
            batches = await batches_of(session, segment)
            assert [batch.segment.done for batch in batches] == [False] * (len(batches) - 1) + [True]
            assert all(len(batch.records) <= 2_000 for batch in batches)


async def test_a_sweep_covers_the_whole_id_space_without_gap(make_portal: Make, open_session: Open) -> None:
    async with open_session(make_portal(contacts=1_300)) as session:
        batches = await batches_of(session, SWEEP)
    pieces = sorted((piece.first, piece.last) for batch in batches for piece in batch.covered)
    edge = 0
    for first, last in pieces:
        assert first <= edge, "a gap"
        edge = max(edge, last + 1)
    assert edge == 2**63 - 1


@pytest.mark.parametrize(
    "days",
    [
        BadDays(short_pages=0.5, duplicate_rows=0.5),
        BadDays(search_disorder=1),
        BadDays(rate_500=0.05, reset=0.02, malformed=0.02, truncated=0.02),
    ],
)
@pytest.mark.parametrize("opaque", [False, True])
async def test_bad_days_lose_nothing(make_portal: Make, open_session: Open, days: BadDays, opaque: bool) -> None:
    portal = make_portal(contacts=1_300, opaque_cursors=opaque)
    async with open_session(portal) as session:
        schema = await session.schema("contacts", (), sensitive=False)
        portal.mischief.days = days
        session._client._backoff.policy = _impatient(session)
        batches = [batch async for batch in session.read(BACKFILL, schema, ())]
    assert set(ids_of(batches)) == set(truth(portal))


def _impatient(session: Any) -> Any:
    policy = session._client._backoff.policy
    return msgspec.structs.replace(policy, first_wait=timedelta(milliseconds=1))


async def test_repeating_cursors_of_the_archived_list_are_named(make_portal: Make, open_session: Open) -> None:
    portal = make_portal(contacts=300)
    for contact in list(truth(portal))[:250]:
        portal.events.archive("contacts", contact)
    portal.mischief.days = BadDays(repeating_cursor=1, families=("objects",))
    async with open_session(portal) as session:
        with pytest.raises(ContractBroken):
            await batches_of(session, ARCHIVED)


async def test_repeating_cursors_of_lists_never_loop(make_portal: Make, open_session: Open) -> None:
    portal = make_portal(contacts=1_300)
    async with open_session(portal) as session:
        schema = await session.schema("contacts", (), sensitive=False)
        portal.mischief.days = BadDays(repeating_cursor=1)
        with pytest.raises(ContractBroken):
            [batch async for batch in session.read(BACKFILL, schema, ())]


async def test_archived_records_come_with_the_moment_they_were_archived(make_portal: Make, open_session: Open) -> None:
    portal = make_portal(contacts=20)
    gone = list(truth(portal))[:5]
    for contact in gone:
        portal.events.archive("contacts", contact)
    async with open_session(portal) as session:
        batches = await batches_of(session, ARCHIVED)
        live = await batches_of(session, BACKFILL)
    assert sorted(ids_of(batches)) == sorted(gone)
    assert all(record.archived_at for batch in batches for record in batch.records)
    assert not set(ids_of(live)) & set(gone)


async def test_twelve_thousand_changes_within_one_millisecond_are_all_read(
    make_portal: Make, open_session: Open
) -> None:
    portal = make_portal(contacts=12_300, contact_properties=20)
    changed = sorted(truth(portal))[:12_000]
    portal.events.bulk_edit("contacts", changed, {"firstname": "Ada"}, NOW - timedelta(minutes=1))
    window = Segment(
        kind=SegmentKind.CHANGES,
        key="changes",
        window_from=NOW - timedelta(minutes=2),
        window_to=NOW - timedelta(seconds=30),
    )
    async with open_session(portal) as session:
        assert sorted(ids_of(await batches_of(session, window))) == changed


async def test_reading_on_from_any_batchs_segment_loses_nothing(make_portal: Make, open_session: Open) -> None:
    portal = make_portal(contacts=5_000, contact_properties=20)
    async with open_session(portal) as session:
        batches, expected = await batches_of(session, BACKFILL), set(truth(portal))
        for cut in range(1, len(batches)):
            rest = await batches_of(session, batches[cut - 1].segment)
            assert set(ids_of(batches[:cut])) | set(ids_of(rest)) == expected


async def test_links_of_every_pair_come_complete(make_portal: Make, open_session: Open) -> None:
    portal = make_portal(contacts=300, companies=40, association_page_size=2)
    pair = AssociationPair(from_type="contacts", to_type="companies")
    async with open_session(portal) as session:
        schema = await session.schema("contacts", (), sensitive=False)
        found = {
            (link.from_id, link.to_id, link.category, link.type_id)
            async for batch in session.read(BACKFILL, schema, (pair,))
            for links in batch.link_sets
            for link in links.links
        }
    expected = {
        (row["from_id"], row["to_id"], row["category"], row["type_id"])
        for row in portal.truth()
        if row["kind"] == "association" and (row["from_type"], row["to_type"]) == ("contacts", "companies")
    }
    assert found == expected


async def test_what_became_of_ids_is_told_one_by_one(make_portal: Make, open_session: Open) -> None:
    portal = make_portal(contacts=20)
    live, archived, erased = list(truth(portal))[:3]
    portal.events.archive("contacts", archived)
    portal.events.gdpr_delete("contacts", erased)
    async with open_session(portal) as session:
        schema = await session.schema("contacts", (), sensitive=False)
        fates, _ = await session.resolve([live, archived, erased, 999], schema, ())
    assert [record.id for record in fates.live] == [live]
    assert [record.id for record in fates.archived] == [archived]
    assert set(fates.gone) == {erased, 999}


async def test_however_many_were_merged_behind_a_sweep_none_is_taken_for_erased(
    make_portal: Make, open_session: Open
) -> None:
    portal = make_portal(contacts=620)
    every = list(truth(portal))
    losers = every[1:602:2]
    for survivor, loser in zip(every[::2], losers, strict=False):
        portal.events.merge("contacts", survivor, loser, "primary_kept")
    async with open_session(portal) as session:
        schema = await session.schema("contacts", (), sensitive=False)
        fates, _ = await session.resolve(losers, schema, ())
    assert fates.gone == ()
    assert {merge.from_id: merge.into_id for merge in fates.merged} == dict(zip(losers, every[::2], strict=False))


async def test_a_batch_read_that_fails_for_some_is_asked_again(make_portal: Make, open_session: Open) -> None:
    portal = make_portal(contacts=300)
    every = list(truth(portal))
    portal.mischief.days = BadDays(partial_batches=0.3)
    async with open_session(portal) as session:
        schema = await session.schema("contacts", (), sensitive=False)
        fates, _ = await session.resolve(every, schema, ())
    assert [record.id for record in fates.live] == every


async def test_a_count_from_before_a_reading_is_not_given_after_it(make_portal: Make, open_session: Open) -> None:
    portal = make_portal(contacts=450)
    async with open_session(portal) as session:
        session.expect(["contacts"])
        batches = await batches_of(session, BACKFILL)
        portal.events.archive("contacts", ids_of(batches)[0])
        await batches_of(session, ARCHIVED)
        assert await session.count("contacts") == 449
