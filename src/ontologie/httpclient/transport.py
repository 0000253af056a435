"""The only place that knows aiohttp: its exceptions stop here."""

from collections.abc import Callable
from types import SimpleNamespace, TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

import aiohttp
from isal import isal_zlib
from yarl import URL

from ontologie.errors import Unreachable, UsageError
from ontologie.httpclient.request import Request, Response
from ontologie.model.address import host_of, on_this_machine

_TOTAL_TIMEOUT_S = 120.0  # longer than the 100 s after which the edge in front of an API gives up (status 524)
_CONNECT_TIMEOUT_S = 15.0


def nobody() -> None:
    """Whom a request's departure does not matter to."""


class Transport(Protocol):
    """Carries one request to the server, once."""

    async def send(self, request: Request, bearer_token: str, on_sent: Callable[[], None] = nobody) -> Response:
        """The answer, whatever its status. An empty token is not sent. Raises Unreachable when no answer came.

        ``on_sent`` is called, once or more, when the request goes out: on a connection that may have to be made first.
        """
        ...


class AiohttpTransport:
    """Sends over one aiohttp session: connections are kept and not limited (the budgets limit), gzip is accepted.

    Raises UsageError for a base URL that is neither https nor plain http to this machine: a token must not travel
    in clear text.
    """

    def __init__(self, base_url: str) -> None:
        self._base_url = checked_base_url(base_url)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        # isal inflates about twice as fast as zlib; the setting is aiohttp's own, for the whole process.
        if hasattr(aiohttp, "set_zlib_backend"):
            aiohttp.set_zlib_backend(isal_zlib)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=_TOTAL_TIMEOUT_S, sock_connect=_CONNECT_TIMEOUT_S),
            headers={"Accept": "application/json", "Accept-Encoding": "gzip"},
            cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[_departures()],
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, request: Request, bearer_token: str, on_sent: Callable[[], None] = nobody) -> Response:
        if self._session is None:
            raise Unreachable("the transport is not open")
        headers = {"Authorization": f"Bearer {bearer_token}"} if bearer_token else {}
        if request.body is not None:
            headers["Content-Type"] = request.content_type
        url = URL(self._base_url + request.target(), encoded=True)
        try:
            # Redirects are not followed: they would carry the token to another host.
            async with self._session.request(
                request.method,
                url,
                data=request.body,
                headers=headers,
                allow_redirects=False,
                trace_request_ctx=on_sent,
            ) as answer:
                body = await answer.read()
                found = {name.lower(): value for name, value in answer.headers.items()}
                return Response(status=answer.status, headers=found, body=body)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            # The text of the foreign exception is left out: it may quote headers.
            raise Unreachable(f"{request!r}: no answer ({type(error).__name__})") from None


def _departures() -> aiohttp.TraceConfig:
    """Calls each request's ``on_sent`` as its headers, and then its body, go out."""

    async def departed(_session: aiohttp.ClientSession, context: SimpleNamespace, _what: object) -> None:
        context.trace_request_ctx()

    config = aiohttp.TraceConfig()
    config.on_request_headers_sent.append(departed)
    config.on_request_chunk_sent.append(departed)
    return config


def checked_base_url(base_url: str) -> str:
    """The base URL without its last slash. Raises UsageError (API_ADDRESS_UNUSABLE) unless
    it is https, or http to a loopback address."""
    host = host_of(base_url)
    parts = urlsplit(base_url if host else "")
    more = parts.username or parts.password or parts.query or parts.fragment
    sealed = parts.scheme == "https" or (parts.scheme == "http" and on_this_machine(base_url))
    if more or not (host and sealed):
        shown = f"{parts.scheme}://{host}"  # what else is in an address may be a secret
        raise UsageError(f"not a usable API address: {shown}", code="API_ADDRESS_UNUSABLE", address=shown)
    return base_url.rstrip("/")
