"""Many portals on one database: what a record costs, what an idle portal costs, what more workers give.

    .venv/bin/python benchmarks/many_portals.py first     # 100 portals sync for the first time, one worker
    .venv/bin/python benchmarks/many_portals.py idle      # 100 portals in which nothing happened, again and again
    .venv/bin/python benchmarks/many_portals.py workers   # the first syncs again with 1, 2 and 4 workers

``first`` and ``idle`` pin the worker to core 0, PostgreSQL and the portals to core 1, and print how busy both cores
were, and the CPU of each of the three: where core 1 is not full, nobody waits for the portals. They answer after
300 ms from memory (benchmarks/replay.py). Prints a table and one line of JSON.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from machine import busy, busy_since, cpu_s, family_cpu_s, peak_mb
from psycopg.rows import dict_row

from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer
from ontologie.services import sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from ontologie.settings import Settings
from ontologie.wiring import system

COMMAND = str(Path(sys.executable).with_name("ontologie"))
PORT = 8690
WORKER_CORE, OTHER_CORE = 0, 1
_REST_S = 20


class Bench:
    """A database, portals, and sources on them."""

    def __init__(self, home: Path, url: str, portals: int) -> None:
        self.home = home
        self.portals = portals  # their pid
        self.workers: list[subprocess.Popen[bytes]] = []
        self._url = url
        self.environment = os.environ | {
            "ONTOLOGIE_HOME": str(home), "ONTOLOGIE_HUBSPOT_API_HOSTS": "127.0.0.1", "ONTOLOGIE_SIMULATOR_PORT": "1",
            "ONTOLOGIE_FREE_SHARE": "0", "ONTOLOGIE_FREE_SHARE_FIRST_SYNC": "0", "ONTOLOGIE_LOG_LEVEL": "error",
        }  # fmt: skip

    def add_sources(self, count: int, streams: tuple[str, ...]) -> None:
        """One per portal, synced when asked for."""
        settings = Settings.model_validate({"home": self.home, "hubspot_api_hosts": "127.0.0.1"})

        async def add(context: Context, number: int) -> None:
            request = SourceRequest(
                name=f"p{number}", connector="hubspot", token=f"pat-eu1-bench-{number}",
                api_url=f"http://127.0.0.1:{PORT}", streams=streams, frequency="manual",
            )  # fmt: skip
            await sources.add(context, request)

        async def work() -> None:
            async with system(settings) as context:
                for begin in range(0, count, 10):
                    await asyncio.gather(*(add(context, number) for number in range(begin, min(begin + 10, count))))

        asyncio.run(work())

    def rows(self, statement: str) -> list[dict[str, Any]]:
        with psycopg.connect(self._url, row_factory=dict_row) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[arg-type]

    def make_due(self) -> None:
        """All sources at once; the workers find them within a second."""
        self.rows("UPDATE ontologie.sources SET next_run_at = now() RETURNING id")

    def forget(self) -> None:
        """Drop what was synced, so that the next syncs are first ones."""
        for row in self.rows("SELECT schema_name FROM ontologie.sources"):
            with psycopg.connect(self._url, autocommit=True) as connection:
                connection.execute(f"DROP SCHEMA IF EXISTS {row['schema_name']} CASCADE")  # type: ignore[arg-type]
        self.rows("DELETE FROM ontologie.object_states RETURNING 1")
        self.rows("DELETE FROM ontologie.runs RETURNING 1")

    def run_all(self, count: int) -> float:
        """Wait until so many runs have ended; seconds."""
        before = self.rows("SELECT count(*) AS found FROM ontologie.runs WHERE ended_at IS NOT NULL")[0]["found"]
        begun = time.monotonic()
        self.make_due()
        while True:
            time.sleep(0.25)
            found = self.rows("SELECT count(*) AS found FROM ontologie.runs WHERE ended_at IS NOT NULL")[0]["found"]
            if found - before >= count:
                return time.monotonic() - begun

    def others_cpu_s(self) -> dict[str, float]:
        """CPU so far of those who are not the worker; backends that have ended are counted by their parent."""
        postmaster = int((self.home / "postgres" / "data-18" / "postmaster.pid").read_text().split()[0])
        return {"portals_cpu_s": cpu_s(self.portals), "postgresql_cpu_s": family_cpu_s(postmaster)}

    def statuses(self) -> dict[str, int]:
        rows = self.rows("SELECT status, count(*) AS found FROM ontologie.runs GROUP BY status")
        return {row["status"]: row["found"] for row in rows}

    def records(self) -> int:
        summed = "coalesce(sum(inserted + updated + unchanged), 0)::bigint"
        return int(self.rows(f"SELECT {summed} AS found FROM ontologie.run_objects")[0]["found"])

    def worker(self, core: int | None, at_once: int) -> subprocess.Popen[bytes]:
        pinned = [] if core is None else ["taskset", "-c", str(core)]
        environment = self.environment | {
            "ONTOLOGIE_SOURCES_AT_ONCE": str(at_once), "ONTOLOGIE_DATABASE_CONNECTIONS": "20"
        }
        process = subprocess.Popen([*pinned, COMMAND, "worker"], env=environment, stdout=subprocess.PIPE)
        self.workers.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            if b"Ctrl-C" in line:
                return process
        raise RuntimeError("the worker did not start")


@contextmanager
def bench(portal_options: list[str], latency_ms: float, cores: Collection[int] = (OTHER_CORE,)) -> Iterator[Bench]:
    """Portals and a database on these cores, and whoever else is started here."""
    os.sched_setaffinity(0, cores)
    replay = str(Path(__file__).with_name("replay.py"))
    command = [sys.executable, replay, "--port", str(PORT), "--latency-ms", str(latency_ms), "--", *portal_options]
    portals = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert portals.stdout is not None
    portals.stdout.readline()
    with tempfile.TemporaryDirectory(prefix="ontologie-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = EmbeddedServer(home, SystemClock())
        url = asyncio.run(server.acquire())
        made = Bench(home, url, portals.pid)
        try:
            yield made
        finally:
            for worker in made.workers:
                worker.kill()
            portals.kill()
            portals.wait()
            asyncio.run(server.release())


def first(portals: int, contacts: int) -> dict[str, Any]:
    """Records per CPU second of one worker that syncs all portals at once."""
    with bench(["--contacts", str(contacts), "--contact-properties", "60"], 300) as made:
        made.add_sources(portals, ("contacts",))
        worker = made.worker(WORKER_CORE, portals)
        cpu, cores, others = cpu_s(worker.pid), busy(), made.others_cpu_s()
        seconds = made.run_all(portals)
        used, shares = cpu_s(worker.pid) - cpu, busy_since(cores)
        beside = {name: round(cpu_of - others[name], 1) for name, cpu_of in made.others_cpu_s().items()}
        found = {
            "portals": portals, "records": made.records(), "seconds": round(seconds, 1), "cpu_s": round(used, 1),
            "records_per_cpu_s": round(made.records() / used), "worker_core": shares[WORKER_CORE],
            "other_core": shares[OTHER_CORE], **beside, "peak_mb": peak_mb(worker.pid), "statuses": made.statuses(),
        }  # fmt: skip
        end(worker)
        return found


def idle(portals: int, rounds: int) -> dict[str, Any]:
    """CPU of one worker for a run in which nothing has happened, and for doing nothing.

    Three of four runs at every 15 minutes find their definitions young enough, the fourth reads them again.
    """
    sizes = ["--contacts", "50", "--companies", "20", "--deals", "20", "--tickets", "10", "--emails", "10",
             "--calls", "10", "--notes", "10", "--tasks", "10", "--meetings", "10"]  # fmt: skip
    with bench(sizes, 300) as made:
        made.add_sources(portals, ())
        young, seconds, resting, shares, sent = _idle_runs(made, portals, rounds)
        made.environment["ONTOLOGIE_DEFINITIONS_MINUTES"] = "0.001"
        old, more, _, _, _ = _idle_runs(made, portals, rounds)
        mean = (3 * young + old) / 4
        return {
            "portals": portals, "runs": 2 * portals * rounds, "seconds": round(seconds + more, 1),
            "requests_per_run": round(sent, 1),
            "cpu_ms_per_run": round(young * 1000, 1), "cpu_ms_with_definitions": round(old * 1000, 1),
            "resting_share": round(resting, 4),
            "share_of_a_core_for_1000_every_15_min": round(mean * 1000 / 900 + resting, 3),
            "other_core": shares[OTHER_CORE], "statuses": made.statuses(),
        }  # fmt: skip


def _idle_runs(made: Bench, portals: int, rounds: int) -> tuple[float, float, float, dict[int, str], float]:
    """CPU seconds per run, seconds in all, CPU seconds per second of rest, the cores' use, requests per run."""
    worker = made.worker(WORKER_CORE, 20)
    made.run_all(portals)
    made.run_all(portals)  # what a first sync leaves to its second run
    cpu, cores, before = cpu_s(worker.pid), busy(), requests()
    seconds = sum(made.run_all(portals) for _ in range(rounds))
    sent = (requests() - before) / (portals * rounds)
    per_run = (cpu_s(worker.pid) - cpu) / (portals * rounds)
    shares = busy_since(cores)
    cpu = cpu_s(worker.pid)
    time.sleep(_REST_S)
    resting = (cpu_s(worker.pid) - cpu) / _REST_S
    end(worker)
    return per_run, seconds, resting, shares, sent


def workers(portals: int, contacts: int, at_once: int) -> list[dict[str, Any]]:
    """The same first syncs with more and more workers on both cores; every source must be synced once.

    Each worker reads ``at_once`` sources side by side: few, and it waits for its portals, so that more workers have
    something to give; many, and one worker fills a small machine.
    """
    found = []
    options = ["--contacts", str(contacts), "--contact-properties", "60"]
    with bench(options, 300, {WORKER_CORE, OTHER_CORE}) as made:
        made.add_sources(portals, ("contacts",))
        for count in (1, 2, 4):
            made.forget()
            running = [made.worker(None, at_once) for _ in range(count)]
            cores, others = busy(), made.others_cpu_s()
            seconds = made.run_all(portals)
            shares = busy_since(cores)
            beside = {name: round(cpu_of - others[name], 1) for name, cpu_of in made.others_cpu_s().items()}
            twice = made.rows(
                "SELECT count(*) AS found FROM (SELECT FROM ontologie.runs GROUP BY source_id HAVING count(*) > 1) x"
            )[0]["found"]
            found.append({
                "workers": count, "records": made.records(), "seconds": round(seconds, 1),
                "records_per_s": round(made.records() / seconds), "runs": sum(made.statuses().values()),
                "synced_twice": twice, "cores": " ".join(shares.values()), **beside,
            })  # fmt: skip
            for process in running:
                end(process)
    return found


def requests() -> int:
    """Requests that the portals have had so far."""
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_replay/statistics") as answer:
        return int(json.loads(answer.read())["requests"])


def end(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGTERM)
    worker.wait(timeout=30)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["first", "idle", "workers"])
    parser.add_argument("--portals", type=int, default=100)
    parser.add_argument("--contacts", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-once", type=int, help="sources that each of the workers reads side by side; default: all")
    chosen = parser.parse_args()
    if chosen.what == "first":
        found = [first(chosen.portals, chosen.contacts)]
    elif chosen.what == "idle":
        found = [idle(chosen.portals, chosen.rounds)]
    else:
        found = workers(chosen.portals, chosen.contacts, chosen.at_once or chosen.portals)
    for name in found[0]:
        print(f"{name:>40}" + "".join(f"{item[name]!s:>28}" for item in found))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
