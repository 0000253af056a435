"""What changed in a table's properties is marked as seen on its page, by who may."""

from typing import Any

import msgspec
import pytest

from ontologie.model.schema import ColumnType
from ontologie.model.user import Role
from ontologie.services import drift
from ontologie.services.context import Context
from tests.unit.services.test_grid import theirs
from tests.unit.services.test_records import CONTACTS, people
from tests.unit.store.rows import Bench
from tests.unit.web.conftest import csrf

PAGE = "/streams/acme/contacts/schema"
ADDRESS = "/streams/acme/contacts/drift"


@pytest.fixture
async def drifted(context: Context) -> Context:
    """Two properties came after the first sync."""
    await people(context)
    for name in ("added", "later"):
        more = (*CONTACTS.properties, theirs(name, ColumnType.TEXT))
        async with context.pool.connection() as connection:
            await Bench(connection, "hubspot_acme").ensure(msgspec.structs.replace(CONTACTS, properties=more))
    return context


async def unseen(context: Context) -> set[str]:
    return {item.property for item in await drift.changes(context, "acme") if item.change == "added"}


async def test_an_editor_marks_what_the_page_shows_and_nothing_that_came_since(drifted: Context, log_in: Any) -> None:
    browser = await log_in(Role.EDITOR)
    assert "Mark as seen" in (await browser.get(PAGE)).text
    [first] = [item.id for item in await drift.changes(drifted, "acme") if item.property == "added" and not item.before]
    answer = await browser.post(ADDRESS, data={**await csrf(browser), "seen": [str(first), "x", "9" * 30]})
    assert answer.status_code == 200
    assert "The changes are marked as seen." in answer.text
    assert "seen by editor" in answer.text
    assert await unseen(drifted) == {"later"}
    every = [str(item.id) for item in await drift.changes(drifted, "acme")]
    french = {"accept-language": "fr"}
    answer = await browser.post(ADDRESS, data={**await csrf(browser), "seen": every}, headers=french)
    assert "Marquer comme vu" not in answer.text
    assert "vu par editor" in answer.text


async def test_a_viewer_sees_the_changes_without_the_button(drifted: Context, log_in: Any) -> None:
    browser = await log_in(Role.VIEWER)
    text = (await browser.get(PAGE)).text
    assert "added" in text
    assert "Mark as seen" not in text
    every = [str(item.id) for item in await drift.changes(drifted, "acme")]
    answer = await browser.post(ADDRESS, data={**await csrf(browser), "seen": every})
    assert answer.status_code == 403
    assert await unseen(drifted) == {"added", "later"}
