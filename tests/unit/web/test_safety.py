"""Every route there is: who gets in, and that no change is made for another site."""

from collections.abc import Iterator
from typing import Any

import pytest

from ontologie.model.user import Role
from ontologie.services import access, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from ontologie.web.pages import ROUTES
from tests.unit.web.conftest import Browser, csrf

PUBLIC = {
    ("GET", "/login"), ("POST", "/login"), ("GET", "/login/{token}"), ("POST", "/login/{token}"),
    ("POST", "/preferences"), ("GET", "/{address}"),
}  # fmt: skip
PLACES = {"{name}": "acme", "{source}": "acme", "{action}": "sync"}
CHANGES = ("POST", "PUT", "PATCH", "DELETE")


def all_routes() -> Iterator[tuple[str, str]]:
    for handler in ROUTES:
        for path in handler.paths:
            plain = "/".join(part.split(":")[0] + "}" if part.startswith("{") else part for part in path.split("/"))
            for method in handler.http_methods:
                yield str(method), plain


ALL = sorted(set(all_routes()))


def filled(path: str) -> str:
    """An address with something in every place."""
    return "/".join(PLACES.get(part, "1") if part.startswith("{") else part for part in path.split("/"))


def test_there_are_routes_to_walk() -> None:
    assert len(ALL) > 10
    assert set(ALL) >= PUBLIC


@pytest.mark.parametrize(("method", "path"), [route for route in ALL if route[0] in CHANGES])
async def test_no_change_without_the_token_of_our_own_forms(log_in: Any, method: str, path: str) -> None:
    browser = await log_in(Role.OWNER)
    answer = await browser.request(method, filled(path), data={"name": "x"}, follow_redirects=False)
    assert answer.status_code == 403
    await csrf(browser)
    other = await browser.request(method, filled(path), data={"_csrf_token": "0" * 64}, follow_redirects=False)
    assert other.status_code == 403


async def closed_to_visitors(browser: Browser, method: str, path: str) -> bool:
    token = await csrf(browser)
    answer = await browser.request(
        method, filled(path), data=token if method in CHANGES else None, follow_redirects=False
    )
    return answer.status_code == 303 and answer.headers["location"] == "/login"


async def test_only_these_routes_are_open_to_everybody(visitor: Browser) -> None:
    open_ = {(method, path) for method, path in ALL if not await closed_to_visitors(visitor, method, path)}
    assert open_ == PUBLIC


OF_ONESELF = {
    ("POST", "/login"), ("POST", "/login/{token}"), ("POST", "/logout"), ("POST", "/preferences"),
    ("POST", "/settings/profile"), ("POST", "/settings/password"), ("POST", "/settings/sessions/{session_id}/end"),
}  # fmt: skip
"""Changes that everybody may make, since they concern nobody else."""


@pytest.mark.parametrize(("method", "path"), [one for one in ALL if one[0] in CHANGES and one not in OF_ONESELF])
async def test_a_viewer_changes_nothing(context: Context, log_in: Any, method: str, path: str) -> None:
    await sources.add(context, SourceRequest(name="acme", connector="hubspot", token="portal-7"))
    browser = await log_in(Role.VIEWER)
    answer = await browser.request(method, filled(path), data=await csrf(browser), follow_redirects=False)
    assert answer.status_code == 403
    assert "role" in answer.text


async def test_every_answer_has_the_strict_headers(log_in: Any) -> None:
    browser = await log_in(Role.OWNER)
    for method, path in ALL:
        if method != "GET" or path.endswith("/events"):
            continue
        answer = await browser.get(filled(path), follow_redirects=False)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_cookies_are_kept_from_scripts_and_other_sites(context: Context, visitor: Browser) -> None:
    link = await access.login_link(context)
    token = await csrf(visitor)
    answer = await visitor.post(f"/login/{link}", data=token | {"with": "link"}, follow_redirects=False)
    assert answer.status_code == 303
    [cookie] = [value for value in answer.headers.get_list("set-cookie") if value.startswith("session=")]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
