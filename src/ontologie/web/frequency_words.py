"""A frequency in plain words: what a cron expression means, and when it would run next."""

import re
from collections.abc import Sequence
from datetime import datetime

from babel.dates import get_day_names, get_month_names
from babel.lists import format_list

from ontologie.model.diagnosis import Language
from ontologie.model.frequency import next_run
from ontologie.web.catalogue import Texts

PRESETS = ("manual", "5m", "15m", "1h", "6h", "daily", "weekly")
_NUMBERS = re.compile(r"\d+(?:,\d+)*")
_STEP = re.compile(r"\*/(\d+)")
_RANGE = re.compile(r"(\d)-(\d)")


def in_words(frequency: str, texts: Texts, language: Language) -> str:
    """``cron 0 6 * * 1-5`` as "At 06:00, Monday to Friday"; a form without words shows as it is."""
    if frequency in PRESETS:
        return texts.get(f"every_{frequency}")
    fields = frequency.removeprefix("cron ").split(" ")
    minute, hour = ("*" if field == "*/1" else field for field in fields[:2])
    moments = _moments(minute, hour, texts, language)
    days = _days(fields[2], fields[3], fields[4], texts, language)
    if moments is None or days is None:
        return texts.get("cron_as_is", cron=frequency.removeprefix("cron "))
    return texts.get("cron_said", moments=moments, days=days) if days else moments


def next_moments(frequency: str, *, now: datetime, time_zone: str, count: int) -> tuple[datetime, ...]:
    """When it would run next. Empty for manual."""
    found: list[datetime] = []
    moment = now
    while len(found) < count:
        due = next_run(frequency, now=moment, spread=0.0, time_zone=time_zone)
        if due is None:
            break
        found.append(due)
        moment = due
    return tuple(found)


def _moments(minute: str, hour: str, texts: Texts, language: Language) -> str | None:
    if hour == "*":
        return _within_hours(minute, texts)
    if not re.fullmatch(r"\d+", minute):
        return None
    if every := _STEP.fullmatch(hour):
        return texts.get("cron_hours", count=every[1], minute=minute)
    if not _NUMBERS.fullmatch(hour):
        return None
    times = [f"{int(one):02}:{int(minute):02}" for one in hour.split(",")]
    return texts.get("cron_at", times=_and(times, language))


def _within_hours(minute: str, texts: Texts) -> str | None:
    if minute == "*":
        return texts.get("cron_each_minute")
    if every := _STEP.fullmatch(minute):
        return texts.get("cron_minutes", count=every[1])
    return texts.get("cron_hourly", minute=minute) if re.fullmatch(r"\d+", minute) else None


def _days(day: str, month: str, weekday: str, texts: Texts, language: Language) -> str | None:
    """Nothing for every day; None for a form without words."""
    if month != "*" and not _NUMBERS.fullmatch(month):
        return None
    if day != "*" and weekday != "*":  # cron means either: too odd for a sentence
        return None
    parts = []
    if weekday != "*":
        named = _weekdays(weekday, texts, language)
        if named is None:
            return None
        parts.append(named)
    elif day != "*":
        if not _NUMBERS.fullmatch(day):
            return None
        parts.append(texts.get("cron_month_days", days=_and(day.split(","), language)))
    if month != "*":
        months = get_month_names(locale=language)
        parts.append(texts.get("cron_months", months=_and([months[int(one)] for one in month.split(",")], language)))
    return ", ".join(parts)


def _weekdays(field: str, texts: Texts, language: Language) -> str | None:
    if span := _RANGE.fullmatch(field):
        return texts.get("cron_from_to", first=_day(span[1], language), last=_day(span[2], language))
    if not _NUMBERS.fullmatch(field):
        return None
    return _and([_day(one, language) for one in field.split(",")], language)


def _day(number: str, language: Language) -> str:
    """Cron counts days from Sunday, babel from Monday."""
    return str(get_day_names(locale=language)[(int(number) - 1) % 7])


def _and(items: Sequence[str], language: Language) -> str:
    return format_list(list(items), locale=language)
