"""The trip to the simulated portal's consent page, without a browser."""

import asyncio
import contextlib
import urllib.request
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import pytest

from hubspot_simulator import Portal
from ontologie.errors import OntologieError
from ontologie.services import authorizing, connecting
from ontologie.services.authorizing import Answer
from ontologie.services.context import Context

Start = Callable[..., tuple[Portal, str]]
SESSION = "the browser's session"
CALLBACK = "http://localhost:8650/oauth/callback"


def consenting(portal: Start, answer: str = "grant", **settings: Any) -> tuple[Portal, str]:
    """A portal whose consent page needs nobody."""
    made, url = portal(contacts=3, companies=2, **settings)
    made.accounts.switch(consent=answer)
    return made, url


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def visit(address: str) -> Answer:
    """What the consent page answers to a browser."""
    try:
        urllib.request.build_opener(_Stay).open(address)
    except HTTPError as redirect:
        with redirect:
            query = parse_qs(urlsplit(redirect.headers["Location"]).query)
        return Answer(**{name: query.get(name, [""])[0] for name in ("state", "code", "error")})
    raise AssertionError("no redirect")


async def trip(context: Context, draft_id: int) -> Answer:
    address = await authorizing.start(context, draft_id, session=SESSION, redirect_uri=CALLBACK)
    return await asyncio.to_thread(visit, address)


async def authorized(context: Context, url: str) -> int:
    """A draft that HubSpot has been authorized for."""
    draft = await connecting.begin(context, "hubspot", api_url=url)
    finished = await authorizing.finish(context, await trip(context, draft.id), session=SESSION)
    assert finished.via == "oauth"
    return draft.id


@contextlib.asynccontextmanager
async def refused(code: str) -> AsyncIterator[None]:
    with pytest.raises(OntologieError) as raised:
        yield
    assert raised.value.code == code


async def connected(context: Context, url: str, name: str, *streams: str) -> None:
    """A source that was authorized, synced on request."""
    draft_id = await authorized(context, url)
    chosen = connecting.Choices(name=name, api_url=url, streams=streams, frequency="manual")
    await connecting.choose(context, draft_id, chosen)
    await connecting.finish(context, draft_id)
