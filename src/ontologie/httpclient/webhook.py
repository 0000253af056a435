"""One POST to an address that a user has typed, which must not become a way into the operator's own network."""

import ipaddress
import socket
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from ontologie.errors import OntologieError

_PATIENCE = timedelta(seconds=10)


class WebhookFailed(OntologieError):
    """The address did not take it. ``reason`` is short and holds nothing of the answer's body."""

    default_code = "NOTIFICATION_FAILED"


class _PublicOnly(AbstractResolver):
    """Resolves names to public addresses only. It is what the connection itself uses, so a name that answers
    differently the second time gains nothing."""

    def __init__(self) -> None:
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        public = [item for item in found if is_public(item["host"])]
        if not public:
            raise OSError("the address is not public")
        return public

    async def close(self) -> None:
        await self._resolver.close()


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the Internet, an IPv4 address inside an IPv6 one included."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return (inner or found).is_global and not (inner or found).is_multicast


async def post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool) -> None:
    """Send; any answer from 200 to 299 is a delivery, and redirects are not followed.

    ``private`` allows addresses of the operator's own network. Raises WebhookFailed.
    """
    literal = _literal(url)
    if not private and literal is not None and not is_public(literal):
        raise WebhookFailed("private address", reason="the address is not public")
    resolver = aiohttp.ThreadedResolver() if private else _PublicOnly()
    connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True)
    timeout = aiohttp.ClientTimeout(total=_PATIENCE.total_seconds())
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False) as session,
            session.post(url, data=body, headers=dict(headers), allow_redirects=False) as answer,
        ):
            status = answer.status
    except TimeoutError:
        raise WebhookFailed("timeout", reason=f"no answer in {_PATIENCE.total_seconds():.0f} s") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise WebhookFailed(type(error).__name__, reason=_reason(error)) from None
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise WebhookFailed(str(status), reason=f"HTTP {status}")


def _literal(url: str) -> str | None:
    """The host of an address where it is an IP address already, in whatever notation a resolver would accept."""
    host = urlsplit(url).hostname or ""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))  # 127.1, 0x7f000001, 2130706433
    except OSError:
        return None


def _reason(error: Exception) -> str:
    inner = getattr(error, "os_error", error)
    if "not public" in str(inner) or "not public" in str(error):
        return "the address is not public"
    return type(error).__name__
