"""What this process counts, for Prometheus. What is true of the whole installation is read from the database instead.

Every name begins with ``ontologie_`` and ends with its unit. ``source`` is the source's name.
"""

from contextvars import ContextVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
source_name: ContextVar[str] = ContextVar("source_name", default="")
"""The source that the present task works for; empty outside of a run."""
_LONG = (1, 2, 5, 10, 20, 60, 120, 300, 600, 1_800, 3_600, 14_400)
_SHORT = (0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30)

RUNS = Counter("ontologie_runs_total", "Runs that ended in this process.", ["source", "status"], registry=REGISTRY)
RUN_SECONDS = Histogram(
    "ontologie_run_seconds", "From a run's start to its end, its waiting between slices included.",
    buckets=_LONG, registry=REGISTRY,
)  # fmt: skip
SLICE_SECONDS = Histogram("ontologie_slice_seconds", "Work on a run at a stretch.", buckets=_LONG, registry=REGISTRY)
SLICES = Gauge("ontologie_slices_now", "Runs that this process works on now.", registry=REGISTRY)
RECORDS = Counter(
    "ontologie_records_total", "Records stored, by what became of them.", ["source", "object_type", "result"],
    registry=REGISTRY,
)  # fmt: skip
REQUESTS = Counter("ontologie_requests_total", "Requests sent, each attempt counted.", ["source"], registry=REGISTRY)
REFUSALS = Counter("ontologie_refusals_total", "Answers 429: too many requests.", ["source"], registry=REGISTRY)
REQUEST_SECONDS = Histogram(
    "ontologie_request_seconds", "From sending a request to its whole answer.", buckets=_SHORT, registry=REGISTRY
)
BUDGET_WAIT_SECONDS = Counter(
    "ontologie_budget_wait_seconds_total", "Time that requests waited for their budgets.", ["source"],
    registry=REGISTRY,
)  # fmt: skip
BUDGET_GRANTED = Gauge(
    "ontologie_budget_granted_per_second", "Requests that a budget grants now: the server's limit, less what refusals "
    "have taken from it for a while.", ["source", "budget"], registry=REGISTRY,
)  # fmt: skip
BUDGET_REQUESTS = Counter(
    "ontologie_budget_requests_total", "Requests counted against a budget.", ["source", "budget"], registry=REGISTRY
)
