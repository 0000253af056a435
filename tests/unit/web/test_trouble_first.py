"""Among many sources those that need somebody are seen first."""

import re
from typing import Any

import pytest

from ontologie.database import sources as source_table
from ontologie.model.run import ObjectProgress
from ontologie.model.stream import StreamStatus
from ontologie.model.user import Role
from ontologie.services import sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from tests.unit.services.conftest import START

STATES = {
    "alpha": StreamStatus.SYNCED,
    "beta": StreamStatus.ERROR,
    "gamma": StreamStatus.PARTIAL,
    "delta": StreamStatus.ACTION_REQUIRED,
    "omega": StreamStatus.ACTION_REQUIRED,
}


@pytest.mark.parametrize("page", ["/sources", "/monitoring"])
async def test_sources_in_trouble_come_first(context: Context, log_in: Any, page: str) -> None:
    for number, (name, status) in enumerate(STATES.items()):
        request = SourceRequest(
            name=name, connector="hubspot", token=f"portal-{number}", streams=("contacts",), frequency="manual"
        )
        source = await sources.add(context, request)
        async with context.pool.connection() as connection:
            progress = ObjectProgress(object_type="contacts", stream="contacts", status=status)
            state = source_table.state_after(source.id, progress, records=1, synced_at=START)
            await source_table.save_object_states(connection, [state])
    text = (await (await log_in(Role.VIEWER)).get(page)).text
    shown = re.findall(r'data-key="source-\d+" href="/sources/(\w+)"', text)
    assert shown == ["delta", "omega", "beta", "alpha", "gamma"]
