"""What is only worth knowing leads to the table and asks for no new try; what stops all is told everywhere."""

from typing import Any

import pytest

from ontologie.database import notices
from ontologie.model.user import Role
from ontologie.services.context import Context
from tests.unit.services.conftest import START
from tests.unit.services.test_records import people


async def test_rejected_values_lead_to_where_they_are_listed(context: Context, log_in: Any) -> None:
    await people(context)
    browser = await log_in(Role.EDITOR)
    page = (await browser.get("/diagnostic")).text
    assert "<article" not in page, "nothing is wrong"
    opened = page.partition('class="card remarked"')[2].partition("</ul>")[0]
    assert "VALUES_REJECTED" in opened
    assert 'href="/streams/acme/contacts/rejected"' in opened
    assert "/sources/acme/sync" not in opened
    assert (await browser.get("/streams/acme/contacts/rejected")).status_code == 200


async def test_rejected_values_are_told_on_the_source_and_on_its_table_only(context: Context, log_in: Any) -> None:
    await people(context)
    browser = await log_in(Role.VIEWER)
    for path in ("/sources/acme", "/streams/acme/contacts", "/streams/acme/contacts/schema"):
        page = (await browser.get(path)).text
        line = page.partition('class="remark"')[2].partition("</p>")[0]
        assert "do not fit" in line, path
        assert 'href="/streams/acme/contacts/rejected"' in line, path
    assert 'class="remark"' not in (await browser.get("/streams/acme/deals")).text


@pytest.mark.parametrize("path", ["/streams", "/settings", "/connectors", "/runs/1"])
async def test_a_full_disk_is_told_on_every_page_to_those_who_can_act(
    context: Context, log_in: Any, path: str
) -> None:
    params: dict[str, str | int] = {"free": "90 MB", "least": "500 MB"}
    async with context.pool.connection() as connection:
        await notices.raise_(connection, "DISK_NEARLY_FULL", params, START)
    try:
        assert "disk of the database is nearly full" in (await (await log_in(Role.EDITOR)).get(path)).text
        assert "nearly full" not in (await (await log_in(Role.VIEWER)).get(path)).text
    finally:
        async with context.pool.connection() as connection:
            await notices.clear(connection, "DISK_NEARLY_FULL")
