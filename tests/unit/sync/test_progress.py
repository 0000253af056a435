"""A run's progress is told as it goes, at the cost of what has changed."""

from ontologie.database import runs
from ontologie.model.run import RunOptions
from ontologie.model.stream import StreamStatus
from ontologie.services import sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from ontologie.sync.progress import RunProgress
from tests.unit.services.conftest import context

__all__ = ["context"]


async def test_a_write_touches_only_the_object_types_that_moved(context: Context) -> None:
    source = await sources.add(context, SourceRequest(name="acme", connector="hubspot", token="portal-7"))
    async with context.pool.connection() as connection:
        run = await runs.insert(connection, source.id, options=RunOptions(), trigger="user", now=context.clock.now())
    assert run is not None
    progress = RunProgress(context.pool, context.clock, run, record_limit=100)

    async def versions() -> dict[str, str]:
        """Each row's version: the transaction that wrote it."""
        async with context.pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT object_type, xmin::text AS version FROM ontologie.run_objects WHERE run_id = %s", [run.id]
            )
            return {row["object_type"]: row["version"] for row in await cursor.fetchall()}

    await progress.begin("contacts", "contacts")
    await progress.begin("companies", "companies")
    before = await versions()
    progress.end("contacts", StreamStatus.SYNCED, requests=3)
    await progress.write()
    after = await versions()
    assert before["contacts"] != after["contacts"]
    assert before["companies"] == after["companies"]
    await progress.write()
    assert await versions() == after
    async with context.pool.connection() as connection:
        told = await runs.by_id(connection, run.id)
    assert told is not None
    assert {item.object_type: (item.status, item.requests) for item in told.objects} == {
        "contacts": (StreamStatus.SYNCED, 3),
        "companies": (StreamStatus.SYNCING, 0),
    }
