"""Every route that is served is known to a test of who may; every route of the API asks for a key with its scope."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from ontologie.api.routes import ROUTES
from ontologie.model.api_key import Scope
from ontologie.services import access, api_keys
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.web import operations
from ontologie.web.pages import ROUTES as PAGES
from ontologie.wiring import pages
from tests.unit.services.conftest import context

__all__ = ["context"]
CALLS = sorted((str(method), path) for route in ROUTES for path in route.paths for method in route.http_methods)
SAFE = ("GET", "HEAD", "OPTIONS")


@pytest.fixture
def application(context: Context, tmp_path: Path) -> Litestar:
    return pages(context, Settings.model_validate({"home": tmp_path}), secure_cookies=False)


@pytest.fixture
async def client(application: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://api/api/v1") as made:
        yield made


def filled(path: str) -> str:
    return "/".join("1" if part.startswith("{") else part for part in path.split("/"))


def test_no_route_is_served_that_no_walk_of_the_tests_comes_by(application: Litestar) -> None:
    """``tests/unit/web/test_safety.py`` walks the pages, this file the API; what is left only reads."""
    walked = {path for handler in PAGES for path in handler.paths} | {f"/api/v1{path}" for _, path in CALLS}
    left = {route.path: route for route in application.routes if route.path not in walked}
    operators = {path for handler in operations.OPERATIONS for path in handler.paths}
    assert left.keys() == operators | {"/api/v1/openapi.json", "/static/{version:str}/{file_path:path}"}
    for path, route in left.items():
        assert isinstance(route, HTTPRoute)
        assert set(route.methods) <= set(SAFE), path


async def refusal(client: httpx.AsyncClient, method: str, path: str) -> tuple[int, str]:
    answer = await client.request(method, filled(path), json=None if method in SAFE else {})
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_a_route_opens_only_to_a_key_with_its_scope(
    context: Context, client: httpx.AsyncClient, method: str, path: str
) -> None:
    assert await refusal(client, method, path) == (401, "API_KEY_REFUSED")
    lesser = Scope.WRITE if method in SAFE else Scope.READ
    made = await api_keys.create(context, name="program", scopes=[lesser])
    client.headers["authorization"] = f"Bearer {made.token}"
    assert await refusal(client, method, path) == (403, "API_SCOPE_MISSING")


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_somebody_who_is_logged_in_needs_a_key_too(
    context: Context, client: httpx.AsyncClient, method: str, path: str
) -> None:
    """A page of another site could else have a browser ask with its cookies."""
    client.cookies.set("session", await session_of_an_owner(context))
    assert await refusal(client, method, path) == (401, "API_KEY_REFUSED")


async def session_of_an_owner(context: Context) -> str:
    made = await access.redeem_login_link(context, await access.login_link(context))
    assert made is not None
    return made
