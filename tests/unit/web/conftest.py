"""The web application on a database of its own, asked without a socket."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from ontologie.model.user import Role
from ontologie.services import access, people
from ontologie.services.context import Context
from ontologie.web.application import build
from tests.unit.services.conftest import context

__all__ = ["context"]
Browser = httpx.AsyncClient


@pytest.fixture
async def visitor(context: Context) -> AsyncIterator[Browser]:
    """A browser in which nobody is logged in."""
    transport = httpx.ASGITransport(build(context, secure_cookies=False, metrics_token=None))
    async with httpx.AsyncClient(transport=transport, base_url="http://pages", follow_redirects=True) as client:
        client.headers["accept"] = "text/html"
        yield client


@pytest.fixture
def log_in(context: Context, visitor: Browser) -> Any:
    """Logs somebody with this role in."""

    async def logged_in(role: Role) -> Browser:
        invited = await people.invite(context, name=role.value, email=f"{role.value}@example.com", role=role)
        session = await access.redeem_login_link(context, invited.token)
        assert session is not None
        visitor.cookies.set("session", session)
        return visitor

    return logged_in


async def csrf(browser: Browser) -> dict[str, str]:
    """The form field that every change carries."""
    await browser.get("/login")
    return {"_csrf_token": browser.cookies["csrftoken"]}
