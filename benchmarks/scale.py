"""How many workers so many portals need: a simulation that docs/howto/scale.md stands on.

    .venv/bin/python benchmarks/scale.py --portals 10000

Two hours of a day with ``--portals`` sources at every 15 minutes. Each run waits in one queue for a place in a worker;
it holds the place for its requests' latency and its share of the worker's core (a core is shared by the runs on it).
Most runs find nothing, some find changes, and a few new portals are in their first sync, in slices. A run's costs are
those measured by benchmarks/many_portals.py on one core. Prints what the workers did and how late runs began.
"""

import argparse
import heapq
import json
import random
import statistics

import msgspec

IDLE_CPU_S = 0.049
RECORDS_PER_CPU_S = 9_300
IDLE_REQUESTS = 11
LATENCY_S = 0.3
IDLE_WALL_S = 2.5
CHANGED_SHARE = 0.2
CHANGED_RECORDS = 200
FIRST_SYNC_RECORDS_PER_S = 2_000
SLICE_S = 60
INTERVAL_S = 900
HOURS = 2


class Fleet(msgspec.Struct, frozen=True, kw_only=True):
    """What is simulated."""

    portals: int
    workers: int
    sources_at_once: int
    first_syncs: int
    """New portals in their first sync all the time."""


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """A run's or a slice's cost: of a worker's core, and of time in which it holds a place."""

    due_s: float
    cpu_s: float
    wall_s: float
    records: int
    requests: int
    again: bool = False


def simulate(fleet: Fleet, seed: int) -> dict[str, object]:
    """Serve the queue for some hours; a place is free again when its work's time, stretched by a busy core, is over."""
    source = random.Random(seed)
    queue = _scheduled(fleet, source)
    places = [(0.0, worker) for worker in range(fleet.workers) for _ in range(fleet.sources_at_once)]
    heapq.heapify(places)
    core_free_at = [0.0] * fleet.workers
    late: list[float] = []
    total = {"cpu_s": 0.0, "records": 0, "requests": 0, "runs": 0}
    end = HOURS * 3_600
    while queue:
        due, _, work = heapq.heappop(queue)
        free_at, worker = heapq.heappop(places)
        begin = max(due, free_at)
        if begin >= end:
            break
        late.append(begin - due)
        core_free_at[worker] = max(core_free_at[worker], begin) + work.cpu_s
        over = max(begin + work.wall_s, core_free_at[worker])
        heapq.heappush(places, (over, worker))
        for name in ("cpu_s", "records", "requests"):
            total[name] += getattr(work, name)
        total["runs"] += 1
        if work.again:
            heapq.heappush(queue, (over, source.random(), msgspec.structs.replace(work, due_s=over)))
    late.sort()
    return {
        **msgspec.structs.asdict(fleet), "runs_per_s": round(total["runs"] / end, 1),
        "requests_per_s": round(total["requests"] / end), "rows_per_s": round(total["records"] / end),
        "core_use": f"{total['cpu_s'] / end / fleet.workers:.0%}",
        "late_median_s": round(statistics.median(late), 1), "late_99_s": round(late[int(len(late) * 0.99)], 1),
    }  # fmt: skip


def _scheduled(fleet: Fleet, source: random.Random) -> list[tuple[float, float, Work]]:
    """Every portal in its place of the interval, as the product spreads them; first syncs from the beginning."""
    queue = []
    for number in range(fleet.portals):
        offset = number * 0.618033988749895 % 1 * INTERVAL_S
        for due in range(HOURS * 3_600 // INTERVAL_S):
            moment = offset + due * INTERVAL_S
            queue.append((moment, source.random(), _incremental(moment, source)))
    for _ in range(fleet.first_syncs):
        records = FIRST_SYNC_RECORDS_PER_S * SLICE_S
        cpu_s = records / RECORDS_PER_CPU_S
        work = Work(due_s=0, cpu_s=cpu_s, wall_s=SLICE_S, records=records, requests=16 * SLICE_S, again=True)
        queue.append((0.0, source.random(), work))
    heapq.heapify(queue)
    return queue


def _incremental(moment: float, source: random.Random) -> Work:
    records = int(source.expovariate(1 / CHANGED_RECORDS)) if source.random() < CHANGED_SHARE else 0
    requests = IDLE_REQUESTS + records // 100
    return Work(
        due_s=moment, cpu_s=IDLE_CPU_S + records / RECORDS_PER_CPU_S, wall_s=IDLE_WALL_S + records / 100 * LATENCY_S,
        records=records, requests=requests,
    )  # fmt: skip


def main() -> None:
    """Print one column per number of workers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portals", type=int, default=10_000)
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--sources-at-once", type=int, default=50)
    parser.add_argument("--first-syncs", type=int, default=5)
    chosen = parser.parse_args()
    found = [
        simulate(
            Fleet(
                portals=chosen.portals,
                workers=int(count),
                sources_at_once=chosen.sources_at_once,
                first_syncs=chosen.first_syncs,
            ),
            seed=1,
        )
        for count in chosen.workers.split(",")
    ]
    for name in found[0]:
        print(f"{name:>20}" + "".join(f"{item[name]!s:>12}" for item in found))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
