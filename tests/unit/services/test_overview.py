"""What stopped a source's last run as a whole is told of the source, however far the run had come."""

import msgspec
import pytest

from ontologie.api.answers import source_answer
from ontologie.database import runs
from ontologie.model.run import ObjectProgress, RunOptions, RunStatus
from ontologie.model.stream import StreamStatus
from ontologie.services import sources, streams
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from ontologie.services.streams import SourceOverview
from tests.unit.services.conftest import START


async def after(context: Context, *objects: ObjectProgress) -> SourceOverview:
    """The source once a run that had come so far has ended: its token was withdrawn."""
    source = await sources.add(context, SourceRequest(name="acme", connector="hubspot", token="portal-7"))
    async with context.pool.connection() as connection:
        run = await runs.insert(connection, source.id, options=RunOptions(), trigger="user", now=START)
        assert run is not None
        await runs.record(connection, run.id, objects)
        ended = msgspec.structs.replace(run, diagnosis_code="HUBSPOT_TOKEN_REVOKED")
        await runs.finish(connection, ended, RunStatus.ACTION_REQUIRED, START)
    [overview] = await streams.overview(context)
    return overview


@pytest.mark.parametrize("begun", [(), ("contacts", "deals")])
async def test_what_stops_a_run_before_or_between_its_slices_is_told_of_the_source(
    context: Context, begun: tuple[str, ...]
) -> None:
    reading = [ObjectProgress(object_type=name, stream=name, status=StreamStatus.SYNCING) for name in begun]
    overview = await after(context, *reading)
    assert overview.health is StreamStatus.ACTION_REQUIRED
    assert overview.diagnosis_code == "HUBSPOT_TOKEN_REVOKED"
    told = source_answer(overview)
    assert (told.status, told.problem_code) == ("action_required", "HUBSPOT_TOKEN_REVOKED")


async def test_what_stopped_one_stream_is_told_of_that_stream(context: Context) -> None:
    stopped = ObjectProgress(
        object_type="contacts",
        stream="contacts",
        status=StreamStatus.ACTION_REQUIRED,
        diagnosis_code="HUBSPOT_TOKEN_REVOKED",
    )
    assert (await after(context, stopped)).diagnosis_code is None
