"""The tab of rejected values counts what the table holds, whatever the last run read of it."""

from typing import Any

from ontologie.model.user import Role
from ontologie.services.context import Context
from tests.unit.services.test_grid import DEALS, deals
from tests.unit.store.rows import Bench, record


async def test_what_an_earlier_run_rejected_is_still_counted(context: Context, log_in: Any) -> None:
    await deals(context)
    browser = await log_in(Role.VIEWER)
    assert "count bad" not in (await browser.get("/streams/acme/deals")).text
    async with context.pool.connection() as connection:
        bench = Bench(connection, "hubspot_acme")
        await bench.take_lease()
        await bench.load(DEALS, record(4, {"amount": "N/A"}), record(5, {"amount": "about 12"}))
    assert '<span class="count bad">2</span>' in (await browser.get("/streams/acme/deals")).text
