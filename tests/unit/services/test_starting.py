"""Who asks for a run gets one, whatever ends at that moment."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from ontologie.jobs.queue import Queue
from ontologie.model.run import RunOptions, RunStatus
from ontologie.services import runs, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from tests.unit.services.conftest import context

__all__ = ["context"]
_MEANWHILE = (
    """CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE runs SET status = 'cancelled', ended_at = now()
        WHERE status IN ('queued', 'running') AND NOT EXISTS (SELECT FROM made);
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER meanwhile AFTER INSERT ON runs REFERENCING NEW TABLE AS made
        FOR EACH STATEMENT EXECUTE FUNCTION meanwhile()""",
)
"""The open run that kept a new one out has ended by the time it is looked for."""


@pytest.fixture
async def queueing(context: Context) -> AsyncIterator[Context]:
    async with Queue(context.database_url) as queue, context.pool.connection() as connection:
        yield msgspec.structs.replace(context, queue=queue)
        await connection.execute("DROP FUNCTION IF EXISTS meanwhile CASCADE")


async def test_an_open_run_that_ends_as_somebody_asks_for_one_is_followed_by_a_new_one(queueing: Context) -> None:
    source = await sources.add(queueing, SourceRequest(name="acme", connector="hubspot", token="portal-7"))
    before = await runs.start_now(queueing, source, RunOptions())
    assert await runs.start_now(queueing, source, RunOptions()) == before
    async with queueing.pool.connection() as connection:
        for statement in _MEANWHILE:
            await connection.execute(statement.encode())
    asked = await runs.start_now(queueing, source, RunOptions())
    assert asked.id != before.id
    assert asked.status is RunStatus.QUEUED
