"""What a first sync takes within the limits in force."""

import math
from collections.abc import Mapping
from datetime import timedelta

from ontologie.connectors.hubspot.api import LINKS_LIMIT, LIST_LIMIT, SEARCH_LIMIT
from ontologie.connectors.hubspot.streams import PAIRS
from ontologie.model.discovery import Estimate, Limits

_REQUESTS_PER_10_S = 100
_SEARCHES_PER_S = 5
"""The smallest documented, where nothing was told (hubspot-api.md, section 2)."""
_LEAST = timedelta(seconds=10)
_RECORDS_PER_S_STORED = 5_000
"""What this program stores at most, whatever the API grants."""


def estimate(records: Mapping[str, int], limits: Limits, *, free_share: float) -> Estimate:
    """List pages and searches bring records side by side; links are read 1,000 records at a time, for each pair."""
    interval = limits.interval or timedelta(seconds=10)
    ours = 1 - free_share
    per_s = (limits.requests or _REQUESTS_PER_10_S) / interval.total_seconds() * ours
    searches_per_s = (limits.searches_per_s or _SEARCHES_PER_S) * ours
    total = sum(records.values())
    speed = min(per_s * LIST_LIMIT + searches_per_s * SEARCH_LIMIT, _RECORDS_PER_S_STORED)
    pages = math.ceil(total / (per_s * LIST_LIMIT + searches_per_s * SEARCH_LIMIT) * (per_s + searches_per_s))
    links = sum(math.ceil(records.get(pair.from_type, 0) / LINKS_LIMIT) for pair in PAIRS if pair.to_type in records)
    seconds = max(total / speed, links / per_s)
    return Estimate(duration=max(timedelta(seconds=seconds), _LEAST), requests=pages + links)
