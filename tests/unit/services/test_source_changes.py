"""A source's streams, excluded properties and frequency change while it goes on."""

from datetime import timedelta

import pytest

from ontologie.errors import UsageError
from ontologie.services import source_changes, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from tests.unit.services.conftest import START


async def add(context: Context) -> None:
    await sources.add(context, SourceRequest(name="north", connector="hubspot", token="portal-7", frequency="1h"))


async def test_a_new_frequency_moves_the_next_run(context: Context) -> None:
    await add(context)
    await sources.set_frequency(context, "north", "5m")
    source = await sources.find(context, "north")
    assert source.frequency == "5m"
    assert source.next_run_at is not None
    assert START < source.next_run_at <= START + timedelta(minutes=5)
    await sources.set_frequency(context, "north", "manual")
    assert (await sources.find(context, "north")).next_run_at is None


async def test_a_paused_source_stays_paused_whatever_its_frequency(context: Context) -> None:
    await add(context)
    await sources.pause(context, "north")
    await sources.set_frequency(context, "north", "cron 0  6 * * 1-5")
    source = await sources.find(context, "north")
    assert (source.frequency, source.paused, source.next_run_at) == ("cron 0 6 * * 1-5", True, None)


async def test_streams_and_excluded_properties_change_together(context: Context) -> None:
    await add(context)
    await source_changes.set_streams(
        context, "north", ["products", "contacts"], {"contacts": ["b", "a", "b"], "deals": ["amount"]}
    )
    source = await sources.find(context, "north")
    assert source.streams == ("contacts", "products")
    assert source.excluded_properties == {"contacts": ("a", "b")}, "what is not read has nothing to exclude"


@pytest.mark.parametrize(
    ("streams", "code"), [([], "STREAMS_NOT_CHOSEN"), (["contacts", "invoices"], "STREAM_UNKNOWN")]
)
async def test_a_choice_that_cannot_be_changes_nothing(context: Context, streams: list[str], code: str) -> None:
    await add(context)
    before = await sources.find(context, "north")
    with pytest.raises(UsageError) as refused:
        await source_changes.set_streams(context, "north", streams, {})
    assert refused.value.code == code
    assert await sources.find(context, "north") == before


async def test_choices_before_the_first_sync_offer_every_stream_without_properties(context: Context) -> None:
    await add(context)
    found = await source_changes.choices(context, "north")
    assert [choice.stream.name for choice in found if choice.chosen] == [
        "contacts", "companies", "deals", "tickets", "engagements",
    ]  # fmt: skip
    assert not any(properties for choice in found for properties in choice.properties.values())
