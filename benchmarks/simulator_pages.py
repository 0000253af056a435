"""Pages per second that the simulated portal serves: 100 records × 100 properties, one core for the portal.

    .venv/bin/python benchmarks/simulator_pages.py [--contacts 20000] [--properties 100] [--seconds 5]

The portal runs in a process of its own, so that the reading side does not share its core. ``per_core_s`` divides by
the processor seconds that the portal used (Linux), which a busy machine does not distort. Prints a table, then the
same as one line of JSON.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import time
from multiprocessing.queues import SimpleQueue
from pathlib import Path
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


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used, by Linux's count."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(url: str, portal: Portal, seconds: float, pid: int) -> dict[str, Any]:
    """First pass (every page once), then as many passes as fit in the time; four readers."""
    store = portal.stores["contacts"]
    names = ",".join(list(store.properties)[:100])
    starts = [store.ids.of(index) for index in range(0, store.size, PAGE)]
    pages = [f"{url}/crm/objects/2026-09/contacts?limit={PAGE}&properties={names}&after={start}" for start in starts]
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {DEFAULT_TOKEN}"}) as session:
        sizes: list[int] = []
        left = iter(pages)

        async def first_reader() -> None:
            for page in left:
                sizes.append(await read(session, page))

        first, first_cpu = time.perf_counter(), cpu_s(pid)
        await asyncio.gather(*(first_reader() for _ in range(4)))
        first, first_cpu = time.perf_counter() - first, cpu_s(pid) - first_cpu
        count, start, again_cpu = 0, time.perf_counter(), cpu_s(pid)

        async def reader(offset: int) -> None:
            nonlocal count
            while time.perf_counter() - start < seconds:
                await read(session, pages[(count + offset) % len(pages)])
                count += 1

        await asyncio.gather(*(reader(offset) for offset in range(4)))
        elapsed, again_cpu = time.perf_counter() - start, cpu_s(pid) - again_cpu
    return {
        "page_bytes": sum(sizes) // len(sizes),
        "first_pass_pages_per_s": round(len(pages) / first),
        "first_pass_pages_per_core_s": round(len(pages) / first_cpu),
        "pages_per_s": round(count / elapsed),
        "pages_per_core_s": round(count / again_cpu),
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
    found = asyncio.run(measure(urls.get(), portal, chosen.seconds, process.pid or 0))
    process.terminate()
    process.join()
    found["portal_ready_s"] = round(ready, 3)
    found["portal_peak_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    for name, value in found.items():
        print(f"{name:28} {value:>12,}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
