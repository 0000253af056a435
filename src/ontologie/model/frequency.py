"""How often a source is synced, and when next."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from ontologie.errors import UsageError

_INTERVALS = {
    "5m": timedelta(minutes=5),
    "15m": timedelta(minutes=15),
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
}
MANUAL = "manual"
_EPOCH = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))


def check_frequency(frequency: str) -> str:
    """The frequency in its canonical form. Raises UsageError (FREQUENCY_UNKNOWN) for anything else."""
    if frequency == MANUAL or frequency in _INTERVALS:
        return frequency
    fields = re.sub(r"\s+", " ", frequency.removeprefix("cron ")).strip()
    try:
        CronSim(fields, datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")))
    except CronSimError:
        raise UsageError(frequency, code="FREQUENCY_UNKNOWN", frequency=frequency) from None
    return f"cron {fields}"


def next_run(frequency: str, *, now: datetime, spread: float, time_zone: str = "UTC") -> datetime | None:
    """The next moment after ``now``; None for manual.

    Intervals are aligned to the epoch and shifted by ``spread`` (0 to 1) of their length, so that a thousand hourly
    sources do not start together. A cron expression is meant in the account's ``time_zone`` and not shifted.
    """
    if frequency == MANUAL:
        return None
    if frequency in _INTERVALS:
        interval = _INTERVALS[frequency]
        first = _EPOCH + spread * interval
        return (first + ((now - first) // interval + 1) * interval).astimezone(now.tzinfo)
    local = now.astimezone(ZoneInfo(time_zone))
    return next(CronSim(frequency.removeprefix("cron "), local)).astimezone(now.tzinfo)


def known_zone(name: str) -> str:
    """The time zone of this name; UTC where this machine knows none such."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"


def next_day(*, now: datetime, time_zone: str) -> datetime:
    """The midnight after ``now`` in the account's ``time_zone``."""
    zone = ZoneInfo(time_zone)
    tomorrow = (now.astimezone(zone) + timedelta(days=1)).date()
    return datetime.combine(tomorrow, time.min, zone).astimezone(now.tzinfo)
