"""Views of a table that people keep."""

from collections.abc import AsyncIterator

import pytest

from ontologie.errors import PermissionMissing, UsageError
from ontologie.model.user import Role, User
from ontologie.services import saved_views
from ontologie.services.context import Context
from ontologie.services.grid import Sheet
from ontologie.services.saved_views import ViewRequest
from tests.unit.services.test_grid import deals


@pytest.fixture
async def shown(context: Context) -> Sheet:
    return await deals(context)


@pytest.fixture
async def ada(context: Context) -> AsyncIterator[Context]:
    async with context.pool.connection() as connection:
        for number, name in ((101, "Ada"), (102, "Bob")):
            await connection.execute(
                "INSERT INTO users (id, workspace_id, name, role, created_at) OVERRIDING SYSTEM VALUE"
                " VALUES (%s, 1, %s, 'editor', now())",
                [number, name],
            )
    yield context.acting_as(User(id=101, name="Ada", role=Role.EDITOR))
    async with context.pool.connection() as connection:
        await connection.execute("DELETE FROM users WHERE id IN (101, 102)")


def bob(context: Context, role: Role = Role.EDITOR) -> Context:
    return context.acting_as(User(id=102, name="Bob", role=role))


async def test_a_view_is_its_owners_alone_until_it_is_shared(ada: Context, shown: Sheet) -> None:
    await saved_views.save(ada, "acme", "deals", ViewRequest(name="  Mine ", query="q=x", shared=False))
    await saved_views.save(ada, "acme", "deals", ViewRequest(name="Ours", query="q=y", shared=True))
    assert [(view.name, view.query) for view in await saved_views.visible(ada, shown)] == [
        ("Mine", "q=x"),
        ("Ours", "q=y"),
    ]
    assert [(view.name, view.owner) for view in await saved_views.visible(bob(ada), shown)] == [("Ours", "Ada")]


async def test_a_name_is_taken_once_per_person(ada: Context, shown: Sheet) -> None:
    await saved_views.save(ada, "acme", "deals", ViewRequest(name="Mine", query="", shared=True))
    await saved_views.save(bob(ada), "acme", "deals", ViewRequest(name="Mine", query="", shared=True))
    with pytest.raises(UsageError) as refused:
        await saved_views.save(ada, "acme", "deals", ViewRequest(name="Mine", query="", shared=False))
    assert refused.value.code == "VIEW_NAME_TAKEN"


@pytest.mark.parametrize(("name", "query"), [("", ""), ("  ", ""), ("x" * 61, ""), ("x", "q" * 9_000)])
async def test_a_view_without_a_fitting_name_is_refused(ada: Context, shown: Sheet, name: str, query: str) -> None:
    with pytest.raises(UsageError) as refused:
        await saved_views.save(ada, "acme", "deals", ViewRequest(name=name, query=query, shared=False))
    assert refused.value.code == "VIEW_MALFORMED"


async def test_nobody_deletes_another_persons_view(ada: Context, shown: Sheet) -> None:
    await saved_views.save(ada, "acme", "deals", ViewRequest(name="Ours", query="", shared=True))
    [view] = await saved_views.visible(ada, shown)
    await saved_views.delete(bob(ada), "acme", view.id)
    assert await saved_views.visible(ada, shown) == [view]
    await saved_views.delete(ada, "acme", view.id)
    assert await saved_views.visible(ada, shown) == []


async def test_a_viewer_sees_shared_views_and_keeps_none(ada: Context, shown: Sheet) -> None:
    with pytest.raises(PermissionMissing):
        await saved_views.save(bob(ada, Role.VIEWER), "acme", "deals", ViewRequest(name="x", query="", shared=False))
