"""What Prometheus reads: this process's counts, and the whole installation's state from the database."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import timedelta

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ontologie.database import notices, queries
from ontologie.database.pool import Connection
from ontologie.errors import OntologieError
from ontologie.jobs.housekeeping import DISK_NEARLY_FULL
from ontologie.metrics import REGISTRY
from ontologie.model.user import Role
from ontologie.services.context import Context
from ontologie.services.monitoring import disk

_PATIENCE = timedelta(seconds=3)
"""Less than Prometheus has (10 s by itself): an answer without the database is better than none."""
log = structlog.get_logger(__name__)


class _Collected(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterator[Metric]:
        yield from self._families


async def exposition(context: Context) -> bytes:
    """All metrics in Prometheus' text format. Every process tells the installation's state alike: take the maximum.

    While the database does not answer, that and what this process knows by itself.
    """
    context.require(Role.VIEWER)
    families: list[Metric] = []
    held = context.execution.held
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()), context.pool.connection() as connection:
            # A disk that filled up in a moment takes no notice any more; the worker's own process knows all the same.
            held = held or DISK_NEARLY_FULL in {notice.code for notice in await notices.every(connection)}
            families = [*await _work(connection), *await _streams(connection)]
    except (OntologieError, TimeoutError) as error:
        log.warning("measured_without_the_database", detail=str(error))
    answers = GaugeMetricFamily("ontologie_database_up", "1 while the database answers.", int(bool(families)))
    families += [answers, *_room(context, held=held)]
    registry = CollectorRegistry()
    registry.register(_Collected(families))
    return generate_latest(REGISTRY) + generate_latest(registry)


async def _work(connection: Connection) -> list[Metric]:
    queue = await queries.fetch_one(connection, "measurements", "queue") or {}
    workers = await queries.fetch_one(connection, "measurements", "workers") or {}
    runs = await queries.fetch_one(connection, "measurements", "open_runs") or {}
    overdue = await queries.fetch_one(connection, "measurements", "overdue") or {}
    database = await queries.fetch_one(connection, "measurements", "database") or {}
    open_runs = GaugeMetricFamily("ontologie_runs_open", "Runs that have not ended.", labels=["status"])
    for status in ("queued", "running"):
        open_runs.add_metric([status], runs.get(status, 0))
    return [
        open_runs,
        GaugeMetricFamily("ontologie_queue_depth", "Wake-ups that wait for a worker.", queue.get("waiting", 0)),
        GaugeMetricFamily("ontologie_queue_handled", "Wake-ups that workers handle now.", queue.get("handled", 0)),
        GaugeMetricFamily("ontologie_workers", "Workers with a heartbeat in the last 15 s.", workers.get("alive", 0)),
        GaugeMetricFamily(
            "ontologie_oldest_queued_run_seconds", "Age of the oldest run that waits.", runs.get("oldest_s", 0)
        ),
        GaugeMetricFamily(
            "ontologie_sources_overdue", "Sources whose run is late by over a minute.", overdue.get("overdue", 0)
        ),
        GaugeMetricFamily("ontologie_database_bytes", "Size of the database.", database.get("bytes", 0)),
    ]


async def _streams(connection: Connection) -> list[Metric]:
    labels = ["source", "object_type"]
    lag = GaugeMetricFamily("ontologie_stream_lag_seconds", "Since the stream was last synced.", labels=labels)
    records = GaugeMetricFamily("ontologie_stream_records", "Live records in the store.", labels=labels)
    status = GaugeMetricFamily("ontologie_stream_status", "1 for the status it has.", labels=[*labels, "status"])
    for row in await queries.fetch_all(connection, "measurements", "streams"):
        which = [row["source"], row["object_type"]]
        if row["lag_s"] is not None:
            lag.add_metric(which, row["lag_s"])
        records.add_metric(which, row["records"])
        status.add_metric([*which, row["status"]], 1)
    return [lag, records, status]


def _room(context: Context, *, held: bool) -> list[Metric]:
    families: list[Metric] = [
        GaugeMetricFamily("ontologie_syncs_held", "1 while syncs wait for room on the disk.", int(held))
    ]
    found = disk(context)
    if found is not None:
        families.append(
            GaugeMetricFamily(
                "ontologie_disk_free_bytes",
                "Room where the embedded database lies; not told of a database elsewhere.",
                found.free_bytes,
            )
        )
    return families
