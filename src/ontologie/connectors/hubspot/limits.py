"""What HubSpot's headers tell of the limits in force."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from ontologie.httpclient.request import Response
from ontologie.model.discovery import Limits


def learnt(known: Limits, response: Response, *, burst: bool) -> Limits:
    """``known`` with what one more answer tells. ``burst``: it was counted in the 10-second bucket; searches carry no
    limits, and association batches have others."""
    changes: dict[str, object] = {"answered_at": _date(response.headers.get("date", "")) or known.answered_at}
    requests = number(response, "x-hubspot-ratelimit-max")
    interval_ms = number(response, "x-hubspot-ratelimit-interval-milliseconds")
    daily = number(response, "x-hubspot-ratelimit-daily")
    left = number(response, "x-hubspot-ratelimit-daily-remaining")
    if burst and requests and interval_ms:
        changes |= {"requests": requests, "interval": timedelta(milliseconds=interval_ms)}
    if burst and daily and left is not None:
        changes |= {"daily": daily, "daily_left": left}
    return msgspec.structs.replace(known, **changes)


def plan_of(limits: Limits) -> str | None:
    """The plan that grants these limits to private apps; OAuth answers tell no daily limit, so nothing of the plan.

    The add-on for more requests adds a million a day to any plan, so from there on nothing is certain.
    """
    match limits.daily:
        case 250_000:
            return "starter"
        case 625_000 | 650_000:
            return "professional"
        case 1_000_000:
            return "enterprise"
        case _:
            return None


def number(response: Response, header: str) -> int | None:
    """A header's whole number; None where it is missing or none."""
    text = response.headers.get(header, "")
    return int(text) if text.isdecimal() else None


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
