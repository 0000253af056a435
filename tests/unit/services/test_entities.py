"""Streams feed entities in all three shapes."""

import pytest

from ontologie.errors import PermissionMissing, UsageError
from ontologie.model.user import Role, User
from ontologie.services import entities, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest


async def add(context: Context, name: str, portal: int) -> None:
    await sources.add(context, SourceRequest(name=name, connector="hubspot", token=f"portal-{portal}"))


async def fed(context: Context) -> set[tuple[str, str, str]]:
    return {(link.entity, link.source, link.stream) for link in await entities.links(context)}


async def test_one_to_one_many_to_one_and_one_to_many(context: Context) -> None:
    await add(context, "north", 7)
    await add(context, "south", 8)
    await entities.link(context, "north", {"contacts": ["Client"], "deals": ["Opportunity", "Forecast"]})
    await entities.link(context, "south", {"contacts": ["Client"]})
    assert await fed(context) == {
        ("Client", "north", "contacts"),
        ("Client", "south", "contacts"),
        ("Opportunity", "north", "deals"),
        ("Forecast", "north", "deals"),
    }


async def test_a_name_is_the_same_in_any_case_and_spacing(context: Context) -> None:
    await add(context, "north", 7)
    await entities.link(context, "north", {"contacts": ["Client", " client ", "CLIENT"]})
    assert [link.entity for link in await entities.links(context)] == ["Client"]


async def test_links_are_set_not_added(context: Context) -> None:
    await add(context, "north", 7)
    await entities.link(context, "north", {"contacts": ["Client"], "deals": ["Opportunity"]})
    await entities.link(context, "north", {"contacts": ["Person"]})
    assert await fed(context) == {("Person", "north", "contacts"), ("Opportunity", "north", "deals")}
    await entities.link(context, "north", {"contacts": []})
    assert await fed(context) == {("Opportunity", "north", "deals")}


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "bell\a", "\u202eevil"])
async def test_a_name_that_cannot_be_shown_is_refused_and_nothing_is_kept(context: Context, name: str) -> None:
    await add(context, "north", 7)
    before = [entity.name for entity in await entities.every(context)]
    with pytest.raises(UsageError) as refused:
        await entities.link(context, "north", {"deals": ["Made first"], "contacts": [name]})
    assert refused.value.code == "ENTITY_NAME_MALFORMED"
    assert [entity.name for entity in await entities.every(context)] == before


async def test_an_unknown_stream_or_source_is_named(context: Context) -> None:
    await add(context, "north", 7)
    for source, stream, code in (("north", "invoices", "STREAM_UNKNOWN"), ("west", "contacts", "SOURCE_UNKNOWN")):
        with pytest.raises(UsageError) as refused:
            await entities.link(context, source, {stream: ["Client"]})
        assert refused.value.code == code


async def test_links_go_with_their_source(context: Context) -> None:
    await add(context, "north", 7)
    await entities.link(context, "north", {"contacts": ["Client"]})
    await sources.remove(context, "north", with_data=True)
    assert await fed(context) == set()


async def test_a_viewer_links_nothing(context: Context) -> None:
    await add(context, "north", 7)
    viewer = context.acting_as(User(id=9, name="vera", role=Role.VIEWER))
    with pytest.raises(PermissionMissing):
        await entities.link(viewer, "north", {"contacts": ["Client"]})
