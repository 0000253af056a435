"""Every line of the log about a run says which run and which source, also where the run could not be worked on."""

from datetime import timedelta

import structlog

from ontologie.database import claims, runs
from ontologie.database.pool import Connection
from ontologie.errors import StoreUnreachable
from ontologie.jobs.ending import Ending
from ontologie.jobs.execution import Execution
from ontologie.jobs.worker import Worker, WorkerSettings
from ontologie.model.run import RunOptions
from ontologie.model.source import Source
from ontologie.services import sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from ontologie.sync.engine import EngineSettings
from tests.unit.services.conftest import context

__all__ = ["context"]


async def source_of(context: Context) -> Source:
    return await sources.add(context, SourceRequest(name="acme", connector="hubspot", token="portal-7"))


def execution_of(context: Context, engine: EngineSettings | None = None) -> Execution:
    return Execution(
        context.pool, context.clock, context.vault, context.connectors, settings=engine or EngineSettings(),
        ending=Ending(),
    )  # fmt: skip


async def open_run(context: Context, connection: Connection, source: Source) -> int:
    run = await runs.insert(connection, source.id, options=RunOptions(), trigger="user", now=context.clock.now())
    assert run is not None
    return run.id


async def test_a_run_that_is_elsewhere_and_one_that_lost_the_database(context: Context) -> None:
    source = await source_of(context)
    execution = execution_of(context)
    worker = Worker(context.pool, context.clock, context.queue, execution, duties=[], settings=WorkerSettings())
    about = {"source": "acme", "source_id": source.id}
    async with context.pool.connection() as connection:
        run_id = await open_run(context, connection, source)
        await claims.take(connection, source.id, run_id, owner="another", ttl=timedelta(minutes=1))
    with structlog.testing.capture_logs() as told:
        await worker._handle(run_id)
    [line] = [item for item in told if item["event"] == "run_is_elsewhere"]
    assert line.items() >= {"run_id": run_id, **about}.items()

    async with context.pool.connection() as connection:
        await connection.execute("DELETE FROM portal_claims")

    async def away(*_: object) -> None:
        raise StoreUnreachable("away")

    execution._slice = away  # type: ignore[method-assign,assignment]
    with structlog.testing.capture_logs() as told:
        await worker._handle(run_id)
    [line] = [item for item in told if item["event"] == "slice_lost_the_database"]
    assert line.items() >= {"run_id": run_id, **about}.items()


async def test_a_cancelled_run_that_nobody_worked_on(context: Context) -> None:
    source = await source_of(context)
    execution = execution_of(context)
    async with context.pool.connection() as connection:
        run_id = await open_run(context, connection, source)
        run = await runs.by_id(connection, run_id)
        assert run is not None
        processors = [structlog.contextvars.merge_contextvars]
        with structlog.testing.capture_logs(processors=processors) as told:
            await execution.end_cancelled(connection, run)
    [line] = [item for item in told if item["event"] == "run_ended"]
    assert line.items() >= {"run_id": run_id, "source": "acme", "source_id": source.id}.items()
