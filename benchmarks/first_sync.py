"""A first sync against the floor that HubSpot's budgets allow: ``ontologie sync`` to Synced on a simulated portal.

    .venv/bin/python benchmarks/first_sync.py [--cases usual,slow,wide,jitter,opaque,five] [--contacts 100000]
        [--out docs/benchmarks]

The floor in seconds is records ÷ (11 × 100 ÷ k + 5 × 200): list pages of 100 in 110 requests per 10 s, next to
5 searches a second of 200; k is how many requests one list page takes for the length of its address. Portal, database
and command are processes of their own; CPU and memory are the command's alone. Prints a table with a bar per case
(█ the floor, ░ what we took beyond it), then one line of JSON. With ``--out`` the figures are kept in the folder's
``first_sync.json``, beside those of other cases and sizes, with a chart of all of them in ``first_sync.svg``.
The case ``five`` is a small portal with all five streams: what counts there is its run with nothing to do.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import chart
import msgspec

from hubspot_simulator import DEFAULT_TOKEN
from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer

COMMAND = str(Path(sys.executable).with_name("ontologie"))
PORT = 8699


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A portal, and the ratio to the floor that we promise on it."""

    name: str
    target: float
    properties: int = 160
    latency_ms: int = 300
    jitter_ms: int = 100
    """Latency is even between ``latency_ms`` minus and plus this."""
    streams: str = "contacts,companies"
    contacts: int | None = None
    """A size of its own, whatever is asked for."""
    options: tuple[str, ...] = ()


CASES = (
    Case(name="usual", target=1.15),
    Case(name="slow", target=1.25, latency_ms=1_000, jitter_ms=200),
    Case(name="wide", target=1.25, properties=400),
    Case(name="jitter", target=1.25, options=("--network-jitter-ms", "20")),
    Case(name="opaque", target=1.7, options=("--opaque-cursors",)),
    Case(name="five", target=0, streams="contacts,companies,deals,tickets,engagements", contacts=2_000),
)


def measure(case: Case, home: Path, contacts: int, companies: int) -> dict[str, Any]:
    """Run one case from an empty store."""
    contacts = case.contacts or contacts
    environment = os.environ | {
        "ONTOLOGIE_HOME": str(home),
        "ONTOLOGIE_HUBSPOT_API_HOSTS": "127.0.0.1",
        "ONTOLOGIE_FREE_SHARE_FIRST_SYNC": "0",
        "ONTOLOGIE_FREE_SHARE": "0",
        "ONTOLOGIE_RECORDS_PER_SYNC_LIMIT": str(10 * (contacts + companies)),
        "HUBSPOT_TOKEN": DEFAULT_TOKEN,
    }
    portal = subprocess.Popen(
        [
            sys.executable, "-m", "hubspot_simulator", "--port", str(PORT), "--contacts", str(contacts),
            "--companies", str(companies), "--contact-properties", str(case.properties),
            "--latency-ms", str(case.latency_ms - case.jitter_ms), "--latency-jitter-ms", str(2 * case.jitter_ms),
            *case.options,
        ],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert portal.stdout is not None
        portal.stdout.readline()
        name = f"bench_{case.name}"
        subprocess.run(
            [
                COMMAND, "source", "add", "hubspot", "--name", name, "--token-env", "HUBSPOT_TOKEN",
                "--api-url", f"http://127.0.0.1:{PORT}", "--frequency", "manual", "--streams", case.streams,
            ],
            env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        _admin("POST", "statistics")
        seconds, cpu_s, peak_mb, report = _timed([COMMAND, "sync", name, "--json"], environment)
        counts = _admin("GET", "statistics")
        later = _later(name, environment)
        subprocess.run(
            [COMMAND, "source", "remove", name, "--with-data", "--yes"],
            env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    finally:
        portal.terminate()
        portal.wait()
    k = _requests_per_page(counts)
    floor = (contacts + companies) / (11 * 100 / k + 5 * 200)
    return {
        "case": case.name, "records": contacts + companies, "k": k, "floor_s": round(floor, 1),
        "seconds": round(seconds, 1), "ratio": round(seconds / floor, 2), "target": case.target,
        "requests": _total(counts, "requests"), "rate_limited": _total(counts, "rate_limited"),
        "cpu_s": round(cpu_s, 1), "peak_mb": round(peak_mb), "status": report["status"],
        "read": {item["stream"]: item["read"] for item in report["streams"]}, "families": counts, **later,
    }  # fmt: skip


def _later(name: str, environment: dict[str, str]) -> dict[str, Any]:
    """A run with nothing to do, and one with 1,000 changed contacts: seconds, and requests of the first.

    The run before them is not counted: it has to do what follows a first sync, the list of deleted records.
    """
    _timed([COMMAND, "sync", name, "--json"], environment)
    _admin("POST", "statistics")
    idle_s, _, _, _ = _timed([COMMAND, "sync", name, "--json"], environment)
    idle_requests = _total(_admin("GET", "statistics"), "requests")
    query = f"select id from hubspot_{name}.contacts order by md5(id::text) limit 1000"
    listed = subprocess.run([COMMAND, "sql", "--json", query], env=environment, check=True, capture_output=True)
    found = [row["id"] for row in json.loads(listed.stdout)]
    edit = {"object_type": "contacts", "object_ids": found, "values": {"jobtitle": "Changed"}}
    _admin("POST", "events", {"event": "bulk_edit", "arguments": edit})
    changed_s, _, _, report = _timed([COMMAND, "sync", name, "--json"], environment)
    updated = sum(item["updated"] for item in report["streams"])
    return {
        "idle_s": round(idle_s, 1), "idle_requests": idle_requests, "changed_s": round(changed_s, 1),
        "changed": updated,
    }  # fmt: skip


def _timed(command: list[str], environment: dict[str, str]) -> tuple[float, float, float, dict[str, Any]]:
    """Wall seconds, CPU seconds and peak megabytes of the command's process, and what it printed."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    if status != 0:
        sys.stderr.write(f"exit {os.waitstatus_to_exitcode(status)}\n{printed.decode()}\n")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, json.loads(printed)


def _admin(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/_simulator/{path}", method=method, data=None)
    if method == "POST":
        request.data = json.dumps(body or {}).encode()
    with urllib.request.urlopen(request) as answer:
        return dict(json.loads(answer.read()))


def _families(counts: dict[str, Any]) -> dict[str, dict[str, int]]:
    found = counts.get("families", counts)
    return {name: item for name, item in found.items() if isinstance(item, dict)}


def _total(counts: dict[str, Any], field: str) -> int:
    return sum(item[field] for item in _families(counts).values())


def _requests_per_page(counts: dict[str, Any]) -> int:
    """2 when pages are completed by batch reads, else 1."""
    families = _families(counts)
    batches = families.get("batch", {}).get("requests", 0)
    return 2 if batches > families.get("objects", {}).get("requests", 0) / 2 else 1


def main() -> None:
    """Run the cases asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default="usual", help=",".join(case.name for case in CASES))
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--out", type=Path, help="a folder to keep the figures and their chart in")
    parser.add_argument("--companies", type=int, default=1_000)
    chosen = parser.parse_args()
    wanted = chosen.cases.split(",")
    with tempfile.TemporaryDirectory(prefix="ontologie-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = EmbeddedServer(home, SystemClock())
        asyncio.run(server.acquire())
        try:
            found = [measure(case, home, chosen.contacts, chosen.companies) for case in CASES if case.name in wanted]
        finally:
            asyncio.run(server.release())
    head = ("case", "floor_s", "seconds", "ratio", "target", "requests", "rate_limited", "cpu_s", "peak_mb", "k")
    head += ("idle_s", "idle_requests", "changed_s")
    print("".join(f"{name:>14}" for name in head))
    for item in found:
        beyond = max(0, round((item["ratio"] - 1) * 20))
        print("".join(f"{item[name]!s:>14}" for name in head) + "  " + "█" * 20 + "░" * beyond)
    print(json.dumps(found))
    if chosen.out is not None:
        keep(chosen.out, found)


def keep(folder: Path, found: list[dict[str, Any]]) -> None:
    """Put these figures in the place of older ones of the same case and size, and draw all that have a target."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "first_sync.json"
    known = json.loads(path.read_text()) if path.exists() else []
    fresh = {(item["case"], item["records"]) for item in found}
    kept = [item for item in known if (item["case"], item["records"]) not in fresh] + found
    order = [case.name for case in CASES]
    kept.sort(key=lambda item: (order.index(item["case"]), item["records"]))
    path.write_text(json.dumps(kept, indent=1) + "\n")
    drawn = [item for item in kept if item["target"]]
    if drawn:
        (folder / "first_sync.svg").write_text(chart.draw(drawn))


if __name__ == "__main__":
    main()
