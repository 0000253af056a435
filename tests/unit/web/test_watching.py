"""The pages that are watched while a source syncs, and how many queries they cost."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, ClassVar

import httpx
import msgspec
import psycopg
import pytest
from psycopg.rows import dict_row

from ontologie.database import runs
from ontologie.database import sources as source_table
from ontologie.database.pool import Pool
from ontologie.model.run import BudgetUse, ObjectProgress, Run, RunOptions, Usage
from ontologie.model.schema import ColumnType
from ontologie.model.source import Source
from ontologie.model.stream import StreamStatus
from ontologie.model.user import Role
from ontologie.services import sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from ontologie.store import tables
from ontologie.web.application import build
from tests.unit.services.conftest import START
from tests.unit.store.rows import Bench, prop, record, schema_of


async def source(context: Context, name: str, portal: int = 7) -> Source:
    request = SourceRequest(name=name, connector="hubspot", token=f"portal-{portal}", frequency="manual")
    return await sources.add(context, request)


async def syncing(context: Context, source: Source, *, refusals: int = 0) -> Run:
    """A run that began a minute ago and has read a third of the contacts."""
    began = START - timedelta(minutes=1)
    progress = ObjectProgress(
        object_type="contacts", stream="contacts", status=StreamStatus.SYNCING, read=1_000, expected=3_000
    )
    budgets = (
        BudgetUse(name="burst", used=95, limit=110, interval=timedelta(seconds=10)),
        BudgetUse(name="search", used=0, limit=5, interval=timedelta(seconds=1)),
    )
    async with context.pool.connection() as connection:
        run = await runs.insert(connection, source.id, options=RunOptions(), trigger="user", now=began)
        assert run is not None
        await runs.begin(connection, run.id, began)
        spent = Usage(requests=95, refusals=refusals, budgets=budgets)
        await runs.record(connection, run.id, [progress], backfilled=1_000, spent=spent)
    return run


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("1,000 of 3,000 records", "Request budget 86%", "95 of 110 requests in the last 10 s", "2 minutes")),
        ("fr", ("Budget de requêtes 86", "95 requêtes sur 110", "2 minutes")),
    ],
)
async def test_a_source_that_syncs_shows_its_progress_its_budget_and_the_time_left(
    context: Context, log_in: Any, language: str, said: tuple[str, ...]
) -> None:
    await syncing(context, await source(context, "acme"))
    browser = await log_in(Role.VIEWER)
    browser.cookies.set("language", language)
    page = (await browser.get("/streams")).text
    for words in said:
        assert words in page
    assert "Search budget" not in page, "nothing of it is used"


async def test_what_is_held_is_told_while_it_is_read_again(context: Context, log_in: Any) -> None:
    made = await source(context, "acme")
    held = ObjectProgress(object_type="contacts", stream="contacts", status=StreamStatus.SYNCED)
    async with context.pool.connection() as connection:
        state = source_table.state_after(made.id, held, records=4_321, synced_at=START)
        await source_table.save_object_states(connection, [state])
    await syncing(context, made)
    page = (await (await log_in(Role.VIEWER)).get("/streams")).text
    assert "4,321" in page
    assert "1,000 of 3,000 records" in page


async def test_the_budget_is_also_on_the_run_and_on_monitoring_and_one_answer_is_no_answers(
    context: Context, log_in: Any
) -> None:
    run = await syncing(context, await source(context, "acme"), refusals=1)
    browser = await log_in(Role.VIEWER)
    for path in (f"/runs/{run.id}", "/monitoring"):
        assert "Request budget 86%" in (await browser.get(path)).text, path
    assert "1 told to wait (429)" in (await browser.get("/monitoring")).text


class CountedConnection(psycopg.AsyncConnection[Any]):
    """Keeps what it is asked, the pool's own checks apart."""

    asked: ClassVar[list[str]] = []

    async def execute(self, query: Any, *arguments: Any, **options: Any) -> Any:
        if query != "":
            self.asked.append(str(query))
        return await super().execute(query, *arguments, **options)


@contextlib.asynccontextmanager
async def counted(context: Context, session: str) -> AsyncIterator[Callable[[str], Awaitable[int]]]:
    """How many queries a page takes, in a browser that is logged in."""
    options = {"autocommit": True, "row_factory": dict_row, "options": "-c search_path=ontologie -c timezone=UTC"}
    async with Pool(
        context.database_url, connection_class=CountedConnection, kwargs=options, min_size=1, open=False
    ) as pool:
        seen = msgspec.structs.replace(context, pool=pool, reader=pool)
        transport = httpx.ASGITransport(build(seen, secure_cookies=False, metrics_token=None))
        async with httpx.AsyncClient(transport=transport, base_url="http://pages") as browser:
            browser.cookies.set("session", session)
            browser.headers["accept"] = "text/html"

            async def queries(path: str) -> int:
                CountedConnection.asked.clear()
                answer = await browser.get(path)
                assert answer.status_code == 200
                return len(CountedConnection.asked)

            yield queries


@pytest.mark.parametrize("path", ["/streams", "/sources", "/sources/s1", "/monitoring", "/diagnostic"])
async def test_a_page_asks_no_more_of_the_database_for_more_sources(context: Context, log_in: Any, path: str) -> None:
    browser = await log_in(Role.OWNER)
    await with_a_rejected_value(context, await source(context, "s1", portal=1))
    async with counted(context, browser.cookies["session"]) as queries:
        of_one = await queries(path)
        for number in range(2, 21):
            await with_a_rejected_value(context, await source(context, f"s{number}", portal=number))
        assert await queries(path) == of_one > 0


async def test_the_page_of_a_source_asks_for_its_properties_once(context: Context, log_in: Any) -> None:
    browser = await log_in(Role.OWNER)
    await with_a_rejected_value(context, await source(context, "s1"))
    async with counted(context, browser.cookies["session"]) as queries:
        await queries("/sources/s1")
    assert len([query for query in CountedConnection.asked if "'properties'" in query]) == 1


async def with_a_rejected_value(context: Context, source: Source) -> None:
    """It syncs, and what it has brought already has values that did not fit."""
    await syncing(context, source)
    async with context.pool.connection() as connection:
        await tables.ensure_source_schema(connection, source.schema_name, "ontologie_reader")
        bench = Bench(connection, source.schema_name)
        await bench.take_lease()
        schema = schema_of(prop("due", ColumnType.DATE))
        await bench.ensure(schema)
        await bench.load(schema, record(1, {"due": "never"}))
