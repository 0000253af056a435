"""What is true at the end, and the table that shows it."""

import statistics
from collections.abc import Mapping

from hubspot_simulator import Portal
from tests.fleet import Fleet
from tests.soak.chaos import Chaos

_MOST_GROWTH = 0.15
_OVERLAPPING = """
SELECT count(*)::int AS found FROM runs a JOIN runs b ON a.source_id = b.source_id AND a.id < b.id
WHERE b.started_at < a.ended_at
"""
_TWICE = """
SELECT count(*)::int AS found FROM (
    SELECT 1 FROM runs r JOIN sources s ON s.id = r.source_id WHERE r.trigger = 'schedule'
    GROUP BY s.id, date_trunc('minute', r.created_at)
    HAVING count(*) FILTER (WHERE r.status = 'synced') > 1
) AS twice
"""
_STATUSES = """
SELECT s.name, count(*)::int AS runs, count(*) FILTER (WHERE r.status = 'synced')::int AS synced,
       count(*) FILTER (WHERE r.status = 'error')::int AS failed,
       count(*) FILTER (WHERE r.status IN ('queued', 'running'))::int AS open,
       count(DISTINCT date_trunc('minute', r.created_at))::int AS minutes
FROM runs r JOIN sources s ON s.id = r.source_id GROUP BY s.name ORDER BY s.name
"""


class Report:
    """Compares every store with its portal, counts runs, and looks at the memory."""

    def __init__(self, fleet: Fleet, portals: Mapping[str, Portal], chaos: Chaos) -> None:
        self._chaos = chaos
        self._sources = fleet.rows(_STATUSES)
        self._differences = {name: fleet.differences(portal, name, *_TYPES) for name, portal in portals.items()}
        self._records = {name: sum(1 for item in portal.truth()) for name, portal in portals.items()}
        self._overlapping = fleet.rows(_OVERLAPPING)[0]["found"]
        self._twice = fleet.rows(_TWICE)[0]["found"]
        self._waiting = fleet.rows("SELECT count(*)::int AS found FROM procrastinate_jobs")[0]["found"]
        claims = fleet.rows("SELECT count(*)::int AS found FROM portal_claims WHERE expires_at > now()")
        self._claims = claims[0]["found"]
        quarter = max(1, len(chaos.memory_mb) // 4)
        self._early_mb = statistics.median(chaos.memory_mb[quarter : 2 * quarter] or chaos.memory_mb)
        self._late_mb = statistics.median(chaos.memory_mb[-quarter:])

    def problems(self) -> list[str]:
        """Empty when all is as promised."""
        found = [f"{name}: {item}" for name, items in self._differences.items() for item in items[:5]]
        found += [f"{item['name']}: {item['open']} runs never ended" for item in self._sources if item["open"]]
        found += [f"{self._overlapping} runs overlap"] * bool(self._overlapping)
        found += [f"{self._twice} moments of a schedule were run twice"] * bool(self._twice)
        found += [f"{self._waiting} wake-ups are left over"] * bool(self._waiting)
        found += [f"{self._claims} portals are still claimed"] * bool(self._claims)
        found += ["the worker nobody touched has died"] * (not self._chaos.survivor_lives)
        found += ["a worker took over 10 s to leave"] * bool(self._chaos.done["leaving took over 10 s"])
        growth = self._late_mb / self._early_mb - 1
        found += [f"memory grew by {growth:.0%}"] * (growth > _MOST_GROWTH)
        return found

    def table(self) -> str:
        """In Markdown, for docs/howto/operate.md."""
        rows = ["", f"{self._chaos.seconds / 60:.0f} minutes", "", "| what happened | times |", "|---|---|"]
        rows += [f"| {what} | {times} |" for what, times in sorted(self._chaos.done.items()) if times]
        rows += ["", "| source | records and links | runs | synced | failed, retried | open | differences |"]
        rows += ["|---|---|---|---|---|---|---|"]
        rows += [
            f"| {item['name']} | {self._records[item['name']]:,} | {item['runs']} | {item['synced']} | {item['failed']}"
            f" | {item['open']} | {len(self._differences[item['name']])} |"
            for item in self._sources
        ]
        rows += ["", "| promise | found |", "|---|---|"]
        rows += [f"| runs of one source that overlap | {self._overlapping} |"]
        rows += [f"| moments of a schedule that were run twice | {self._twice} |"]
        rows += [f"| wake-ups left over | {self._waiting} |", f"| claims left over | {self._claims} |"]
        rows += [
            f"| memory of the worker nobody touched: second quarter, last quarter | {self._early_mb:.0f} MB,"
            f" {self._late_mb:.0f} MB |"
        ]
        return "\n".join(rows)


_TYPES = ("contacts", "companies", "deals", "tickets", "emails", "calls", "notes", "tasks", "meetings")
