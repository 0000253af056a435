"""When somebody is told of failures: at the number that the settings bear, once; and what a stream says until then."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from ontologie.database import runs
from ontologie.database import sources as rows
from ontologie.database.pool import Connection
from ontologie.jobs.ending import Ending, RunEnded
from ontologie.model.run import RunOptions, RunStatus
from ontologie.model.source import Source
from ontologie.services import sources, streams
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from ontologie.sync.engine import Outcome
from tests.unit.services.conftest import context

__all__ = ["context"]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ERROR, SYNCED, ACTION = RunStatus.ERROR, RunStatus.SYNCED, RunStatus.ACTION_REQUIRED


async def source_of(context: Context, **settings: str) -> Source:
    request = SourceRequest(name="acme", connector="hubspot", token="portal-7", **settings)  # type: ignore[arg-type]
    return await sources.add(context, request)


async def alarms(context: Context, bears: int, statuses: Sequence[RunStatus]) -> list[bool]:
    """Runs that end so, one after the other: after which of them somebody is told."""
    told: list[bool] = []

    async def listen(_: Connection, ended: RunEnded) -> None:
        told.append(ended.alarm)

    ending = Ending(failures_before_alarm=bears, listeners=[listen])
    for number, status in enumerate(statuses):
        source, now = await sources.find(context, "acme"), NOON + timedelta(hours=number)
        async with context.pool.connection() as connection:
            run = await runs.insert(connection, source.id, options=RunOptions(), trigger="user", now=now)
            assert run is not None
            assert await ending.end(connection, source, run, Outcome(status=status), now=now)
    return told


@pytest.mark.parametrize("bears", [1, 3])
async def test_somebody_is_told_once_at_the_number_that_is_borne(context: Context, bears: int) -> None:
    await source_of(context)
    assert await alarms(context, bears, [ERROR] * 5) == [number == bears for number in range(1, 6)]


async def test_a_success_in_between_begins_the_count_anew(context: Context) -> None:
    await source_of(context)
    told = await alarms(context, 2, [ERROR, SYNCED, ERROR, ERROR, SYNCED, ERROR, ERROR])
    assert told == [False, False, False, True, False, False, True]


async def test_what_needs_the_user_is_told_at_once_and_not_again(context: Context) -> None:
    await source_of(context)
    assert await alarms(context, 3, [ACTION, ACTION, SYNCED, ACTION]) == [True, False, False, True]


async def stream_after(context: Context, failures: int) -> str:
    """What the failed stream says after so many runs in a row that ended with an error."""
    source = await sources.find(context, "acme")
    async with context.pool.connection() as connection:
        await connection.execute(
            "INSERT INTO object_states (source_id, object_type, status) VALUES (%s, 'contacts', 'error')"
            " ON CONFLICT DO NOTHING",
            [source.id],
        )
        await rows.after_run(connection, source.id, next_run_at=NOON, failures=failures)
    [shown] = await streams.overview(msgspec.structs.replace(context, failures_before_alarm=3))
    return shown.streams[0].status.value


async def test_a_stream_says_that_it_is_tried_again_until_that_number(context: Context) -> None:
    await source_of(context, frequency="15m")
    assert [await stream_after(context, failures) for failures in range(1, 5)] == [
        "retrying", "retrying", "error", "error",
    ]  # fmt: skip


async def test_a_source_that_nobody_tries_again_says_error_at_once(context: Context) -> None:
    await source_of(context, frequency="manual")
    assert await stream_after(context, 1) == "error"
    await sources.set_frequency(context, "acme", "1h")
    assert await stream_after(context, 1) == "retrying"
    await sources.pause(context, "acme")
    assert await stream_after(context, 1) == "error"
