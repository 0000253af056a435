"""What a page says while the database is away, and where there is no page."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
import pytest

from ontologie.database.pool import Pool
from ontologie.errors import StoreUnreachable
from ontologie.model.user import Role
from ontologie.services.context import Context
from ontologie.web.application import build, build_operations
from ontologie.web.guard import recognise
from ontologie.web.request import SESSION_COOKIE
from tests.unit.web.conftest import Browser


async def test_who_is_logged_in_keeps_the_way_on_where_there_is_no_page(log_in: Any) -> None:
    browser = await log_in(Role.VIEWER)
    answer = await browser.get("/no/such/page")
    assert answer.status_code == 404
    assert "This page does not exist." in answer.text
    assert 'aria-label="Live Data"' in answer.text


async def test_a_visitor_is_told_too_and_sees_nothing_of_the_pages(visitor: Browser) -> None:
    answer = await visitor.get("/no/such/page")
    assert answer.status_code == 404
    assert 'aria-label="Live Data"' not in answer.text


async def test_a_page_without_its_database_says_so_and_looks_again(context: Context) -> None:
    away = msgspec.structs.replace(context, pool=Pool("postgresql://127.0.0.1:1/nothing", open=False))
    transport = httpx.ASGITransport(build(away, secure_cookies=False, metrics_token=None))
    async with httpx.AsyncClient(transport=transport, base_url="http://pages") as browser:
        browser.headers["accept"] = "text/html"
        browser.cookies.set(SESSION_COOKIE, "anybody")
        answer = await browser.get("/streams?x=1")
        part = await browser.get("/streams", headers={"hx-request": "true"})
    assert answer.status_code == 503
    assert "The database does not answer." in answer.text
    assert 'data-awaits="/readyz"' in answer.text
    assert 'href="/streams?x=1"' in answer.text
    assert part.status_code == 503
    assert "data-problem" in part.text
    assert "<main" not in part.text


async def test_nobody_waits_half_a_minute_for_a_connection(context: Context) -> None:
    class Asked:
        cookies = {SESSION_COOKIE: "anybody"}  # noqa: RUF012
        app = SimpleNamespace(state={"context": context})

    with pytest.raises(StoreUnreachable):
        await recognise(Asked(), patience=timedelta())  # type: ignore[arg-type]


async def test_metrics_without_their_database_say_so_at_once(context: Context) -> None:
    nowhere = Pool("postgresql://127.0.0.1:1/nothing", open=False)
    at_rest: Any = SimpleNamespace(held=False)
    away = msgspec.structs.replace(context, pool=nowhere, execution=at_rest)
    transport = httpx.ASGITransport(build_operations(away, metrics_token=""))
    async with httpx.AsyncClient(transport=transport, base_url="http://worker") as prometheus:
        answer = await prometheus.get("/metrics")
    assert answer.status_code == 200
    assert "\nontologie_database_up 0.0\n" in answer.text
    assert "\nontologie_syncs_held 0.0\n" in answer.text
    assert "# HELP ontologie_runs_total" in answer.text
