"""The seam to aiohttp: addresses that may carry a token, and failures that become ours."""

import asyncio

import pytest

from ontologie.errors import Unreachable, UsageError
from ontologie.httpclient.request import Request
from ontologie.httpclient.transport import AiohttpTransport, checked_base_url

GET = Request(method="GET", path="/x")


@pytest.mark.parametrize(
    "address", ["https://api.example.org", "https://api.example.org:8443/", "http://localhost:1", "http://[::1]:80"]
)
def test_addresses_that_may_carry_a_token(address: str) -> None:
    assert checked_base_url(address) == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api.example.org",
        "http://api.example.org",
        "http://127.0.0.1.example.org",
        "http://10.0.0.1",
        "ftp://localhost",
        "https://user:word@api.example.org",
        "https://api.example.org?x=1",
        "https://api.example.org#x",
        "https://",
        "https://[",
    ],
)
def test_addresses_that_may_not(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_base_url(address)
    assert caught.value.code == "API_ADDRESS_UNUSABLE"
    assert "word" not in f"{caught.value} {caught.value.params}"


async def test_nobody_listening_is_unreachable() -> None:
    async with AiohttpTransport("http://127.0.0.1:1") as transport:
        with pytest.raises(Unreachable):
            await transport.send(GET, "token")


async def test_a_closed_transport_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        await AiohttpTransport("https://api.example.org").send(GET, "token")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 40\r\n\r\n" + b"abcd" * 10,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
async def test_bytes_that_are_no_answer_are_unreachable(raw: bytes) -> None:
    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(reply, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, AiohttpTransport(f"http://127.0.0.1:{port}") as transport:
        with pytest.raises(Unreachable) as caught:
            await transport.send(GET, "pat-secret")
        assert "pat-secret" not in str(caught.value)


async def test_a_redirect_is_answered_as_it_is_so_that_the_token_goes_nowhere_else() -> None:
    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(reply, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, AiohttpTransport(f"http://127.0.0.1:{port}") as transport:
        answer = await transport.send(GET, "token")
    assert answer.status == 302
    assert not answer.ok


def test_the_target_is_exactly_what_goes_over_the_wire() -> None:
    request = Request(method="GET", path="/x", params=(("properties", "a,b"), ("q", "é &")))
    assert request.target() == "/x?properties=a,b&q=%C3%A9+%26"


async def test_a_departure_is_told_when_a_connection_stands_and_before_the_answer() -> None:
    told: list[str] = []

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        told.append("arrived")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with AiohttpTransport("http://127.0.0.1:1") as transport:
        with pytest.raises(Unreachable):
            await transport.send(GET, "token", lambda: told.append("sent"))
    server = await asyncio.start_server(reply, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, AiohttpTransport(f"http://127.0.0.1:{port}") as transport:
        await transport.send(GET, "token", lambda: told.append("sent"))
    assert told[0] == "sent"
    assert told[-1] == "arrived"
