"""Our counts against HubSpot's, as the pages tell them."""

from typing import Any

import pytest

from ontologie.database import sources as source_table
from ontologie.model.run import ObjectProgress
from ontologie.model.source import Source
from ontologie.model.stream import StreamStatus
from ontologie.model.user import Role
from ontologie.services import sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from tests.unit.services.conftest import START


async def checked(context: Context, counts: dict[str, tuple[int, int]]) -> Source:
    """A source whose full check has counted (ours, theirs)."""
    request = SourceRequest(name="acme", connector="hubspot", token="portal-7", streams=tuple(counts))
    source = await sources.add(context, request)
    async with context.pool.connection() as connection:
        for name, (ours, theirs) in counts.items():
            progress = ObjectProgress(
                object_type=name, stream=name, status=StreamStatus.SYNCED, checked_ours=ours, checked_theirs=theirs
            )
            state = source_table.state_after(source.id, progress, records=ours, synced_at=START)
            await source_table.save_object_states(connection, [state])
    return source


@pytest.mark.parametrize("page", ["/streams", "/monitoring"])
async def test_differences_that_cancel_out_are_told_each(context: Context, log_in: Any, page: str) -> None:
    await checked(context, {"contacts": (501, 500), "deals": (9, 10)})
    text = (await (await log_in(Role.VIEWER)).get(page)).text
    assert "501 here, 500 in HubSpot" in text
    assert "9 here, 10 in HubSpot" in text
    assert "510" not in text


@pytest.mark.parametrize("page", ["/streams", "/monitoring"])
async def test_equal_counts_are_told_as_one_number(context: Context, log_in: Any, page: str) -> None:
    await checked(context, {"contacts": (500, 500)})
    assert "500 on both sides" in (await (await log_in(Role.VIEWER)).get(page)).text
