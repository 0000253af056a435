"""Pages per second that the simulated portal serves: 100 records × 100 properties, one core for the portal.

    .venv/bin/python benchmarks/simulator_pages.py [--contacts 20000] [--properties 100] [--seconds 5]

The portal runs in a process of its own, so that the reading side does not share its core. Prints a table,
then the same as one line of JSON.
"""

import argparse
import asyncio
import json
import multiprocessing
import resource
import time
from multiprocessing.queues import SimpleQueue
from typing import Any

import aiohttp

from hubspot_simulator import DEFAULT_TOKEN, Portal, PortalConfig, serve

PAGE = 100


def config(contacts: int, properties: int) -> PortalConfig:
    """A portal without limits in the way."""
    return PortalConfig(contacts=contacts, contact_properties=properties, burst_per_10_s=10**9, search_per_s=10**9)


def serve_portal(chosen: PortalConfig, urls: "SimpleQueue[str]") -> None:
    """The portal's process."""

    async def run() -> None:
        async with serve(Portal(chosen)) as server:
            urls.put(server.url)
            await asyncio.Event().wait()

    asyncio.run(run())


async def read(session: aiohttp.ClientSession, url: str) -> int:
    """One page, its bytes counted and dropped."""
    async with session.get(url) as response:
        response.raise_for_status()
        return len(await response.read())


async def measure(url: str, portal: Portal, seconds: float) -> dict[str, Any]:
    """First pass (every page once), then as many passes as fit in the time; four readers."""
    store = portal.stores["contacts"]
    names = ",".join(list(store.properties)[:100])
    starts = [store.ids.of(index) for index in range(0, store.size, PAGE)]
    pages = [f"{url}/crm/objects/2026-09/contacts?limit={PAGE}&properties={names}&after={start}" for start in starts]
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {DEFAULT_TOKEN}"}) as session:
        first = time.perf_counter()
        sizes = [await read(session, page) for page in pages]
        first = time.perf_counter() - first
        count, start = 0, time.perf_counter()

        async def reader(offset: int) -> None:
            nonlocal count
            while time.perf_counter() - start < seconds:
                await read(session, pages[(count + offset) % len(pages)])
                count += 1

        await asyncio.gather(*(reader(offset) for offset in range(4)))
        elapsed = time.perf_counter() - start
    return {
        "page_bytes": sum(sizes) // len(sizes),
        "first_pass_pages_per_s": round(len(pages) / first),
        "pages_per_s": round(count / elapsed),
    }


def main() -> None:
    """Print the table and the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=20_000)
    parser.add_argument("--properties", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=5)
    chosen = parser.parse_args()
    start = time.perf_counter()
    portal = Portal(config(chosen.contacts, chosen.properties))
    ready = time.perf_counter() - start
    urls: SimpleQueue[str] = multiprocessing.SimpleQueue()
    process = multiprocessing.Process(target=serve_portal, args=(portal.config, urls), daemon=True)
    process.start()
    found = asyncio.run(measure(urls.get(), portal, chosen.seconds))
    process.terminate()
    process.join()
    found["portal_ready_s"] = round(ready, 3)
    found["portal_peak_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    for name, value in found.items():
        print(f"{name:28} {value:>12,}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
