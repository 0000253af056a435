"""Diagnostic: what is only worth knowing leads to the table, and asks for nothing to be tried again."""

from typing import Any

from ontologie.model.user import Role
from ontologie.services.context import Context
from tests.unit.services.test_records import people


async def test_rejected_values_lead_to_where_they_are_listed(context: Context, log_in: Any) -> None:
    await people(context)
    browser = await log_in(Role.EDITOR)
    page = (await browser.get("/diagnostic")).text
    opened = page.partition("<article")[2].partition("</article>")[0]
    assert "VALUES_REJECTED" in opened
    assert 'href="/streams/acme/contacts/rejected"' in opened
    assert "/sources/acme/sync" not in opened
    assert (await browser.get("/streams/acme/contacts/rejected")).status_code == 200
