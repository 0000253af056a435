"""Many portals for the price of one: a simulated portal's answers, made once and sent again to every account.

A benchmark of the worker must not measure the simulator. Behind this front stands one simulated portal; an answer that
was asked for before is sent from memory, gzipped, after the latency. Every token is an account of its own with its own
id, so that the product sees as many portals as there are tokens.

    .venv/bin/python benchmarks/replay.py --port 8690 --latency-ms 300 -- --contacts 3000 --contact-properties 60
"""

import argparse
import asyncio
import gzip
import re
import sys

import aiohttp
from aiohttp import web

from hubspot_simulator import DEFAULT_TOKEN
from hubspot_simulator.__main__ import parser as simulator_options
from hubspot_simulator.config import PortalConfig
from hubspot_simulator.portal import Portal
from hubspot_simulator.server import serve

FIRST_PORTAL = 500_000_000
_UNLIMITED = 1_000_000_000
_PORTAL_ID = re.compile(rb'("(?:portalId|hubId)":)\d+')
_KEPT = ("content-type",)


class Replay:
    """Answers from memory, by method, target and body."""

    def __init__(self, upstream: str, latency_s: float, limits: dict[str, str]) -> None:
        self._upstream = upstream
        self._latency_s = latency_s
        self._limits = limits
        self._answers: dict[tuple[str, str, bytes], asyncio.Future[tuple[int, bytes, str]]] = {}
        self.requests = 0
        self._session = aiohttp.ClientSession(auto_decompress=False, connector=aiohttp.TCPConnector(limit=50))

    async def answer(self, request: web.Request) -> web.Response:
        """The same answer as the portal's, with the account's own id."""
        self.requests += 1
        body = await request.read()
        key = (request.method, request.raw_path, body if b"tokenKey" not in body else b"")
        if key not in self._answers:
            self._answers[key] = asyncio.ensure_future(self._fetch(request, body))
        due = asyncio.get_running_loop().time() + self._latency_s
        status, packed, kind = await asyncio.shield(self._answers[key])
        if "/account-info/" in request.path or "access-token" in request.path:
            number = request.headers["Authorization"].rsplit("-", 1)[1]
            packed = gzip.compress(_PORTAL_ID.sub(rb"\g<1>%d" % (FIRST_PORTAL + int(number)), gzip.decompress(packed)))
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
        headers = {"Content-Encoding": "gzip", "Content-Type": kind, "x-hubspot-correlation-id": "0", **self._limits}
        return web.Response(status=status, body=packed, headers=headers)

    async def _fetch(self, request: web.Request, body: bytes) -> tuple[int, bytes, str]:
        headers = {"Authorization": f"Bearer {DEFAULT_TOKEN}", "Content-Type": "application/json"}
        async with self._session.request(
            request.method, self._upstream + request.raw_path, data=body.replace(
                request.headers["Authorization"].removeprefix("Bearer ").encode(), DEFAULT_TOKEN.encode()
            ) or None, headers=headers,
        ) as answer:  # fmt: skip
            plain = await answer.read()
            return answer.status, gzip.compress(plain, 5), answer.headers.get("content-type", "application/json")


async def _run(chosen: argparse.Namespace, config: PortalConfig) -> None:
    async with serve(Portal(config), "127.0.0.1", 0) as upstream:
        limits = {
            "x-hubspot-ratelimit-max": str(chosen.burst_per_10_s),
            "x-hubspot-ratelimit-interval-milliseconds": "10000",
        }
        replay = Replay(upstream.url, chosen.latency_ms / 1000, limits)
        app = web.Application(client_max_size=10_000_000)

        async def count(_: web.Request) -> web.Response:
            return web.json_response({"requests": replay.requests})

        app.router.add_get("/_replay/statistics", count)
        app.router.add_route("*", "/{rest:.*}", replay.answer)
        runner = web.AppRunner(app, access_log=None, keepalive_timeout=75)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", chosen.port, backlog=4_096).start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Serve until killed."""
    own, rest = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, rest = own[:cut], own[cut + 1 :]
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=8690)
    options.add_argument("--latency-ms", type=float, default=300)
    options.add_argument("--burst-per-10-s", type=int, default=110)
    known = vars(simulator_options().parse_args(rest))
    for name in ("host", "port", "accounts", "until_stdin_closes"):
        known.pop(name)
    unlimited = {"burst_per_10_s": _UNLIMITED, "search_per_s": _UNLIMITED, "association_burst_per_10_s": _UNLIMITED}
    asyncio.run(_run(options.parse_args(own), PortalConfig(**{**known, **unlimited})))


if __name__ == "__main__":
    main()
