"""What machines that watch us see: health, readiness, metrics, the log."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hubspot_simulator import Portal
from tests.fleet import Fleet, until
from tests.watching import free_port, get

METRICS = Path(__file__).parents[2] / "docs" / "reference" / "metrics.md"


def test_a_worker_tells_its_health_and_counts_and_its_log_names_run_and_source(
    fleet: Fleet, portal: Callable[..., tuple[Portal, str]]
) -> None:
    port = free_port()
    fleet.worker(ONTOLOGIE_WORKER_PORT=str(port), ONTOLOGIE_METRICS_TOKEN="watchman-1")
    _, url = portal(contacts=120)
    fleet.add("watched", url)
    until(lambda: fleet.ended("watched"), "synced")
    base = f"http://127.0.0.1:{port}"
    assert get(f"{base}/healthz") == (200, "ok\n")
    assert get(f"{base}/readyz") == (200, "ok\n")
    assert get(f"{base}/metrics")[0] == 401
    assert get(f"{base}/metrics", "wrong")[0] == 401
    status, text = get(f"{base}/metrics", "watchman-1")
    assert status == 200
    assert 'ontologie_runs_total{source="watched",status="synced"} 1.0' in text
    assert 'ontologie_records_total{object_type="contacts",result="inserted",source="watched"} 120.0' in text
    assert 'ontologie_stream_records{object_type="contacts",source="watched"} 120.0' in text
    assert "ontologie_workers 1.0" in text
    assert re.search(r'ontologie_requests_total\{source="watched"\} [1-9]', text)
    _every_metric_is_documented_as_it_is_told(text)
    _the_log_names_run_and_source(fleet)


def _every_metric_is_documented_as_it_is_told(text: str) -> None:
    helps = [line.split(maxsplit=3)[2:] for line in text.splitlines() if line.startswith("# HELP")]
    told = {name: said for name, said in helps if not name.endswith("_created")}
    rows = [line.strip("|").split("|") for line in METRICS.read_text().splitlines() if line.startswith("| `ontologie_")]
    assert {row[0].strip(" `"): row[-1].strip() for row in rows} == told


def _the_log_names_run_and_source(fleet: Fleet) -> None:
    log = fleet.installation.home / "logs" / "ontologie.log"
    until(lambda: "run_ended" in log.read_text(), "the end is in the log")
    lines: list[dict[str, Any]] = [json.loads(line) for line in log.read_text().splitlines()]
    ended = [line for line in lines if line["event"] == "run_ended"]
    [run] = fleet.runs("watched")
    assert [(line["run_id"], line["source"]) for line in ended] == [(run["id"], "watched")]
    streams = [line for line in lines if line["event"] == "stream_ended"]
    assert streams
    assert all(line["run_id"] == run["id"] for line in streams)
