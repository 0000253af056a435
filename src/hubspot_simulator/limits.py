"""HubSpot's request limits, checked when a request arrives."""

from collections import deque
from typing import Any
from zoneinfo import ZoneInfo

from hubspot_simulator.call import Grant
from hubspot_simulator.clock import Clock
from hubspot_simulator.config import PortalConfig

_INTERVAL_S = 10.0


class Rolling:
    """At most ``limit`` requests in any ``interval_s`` seconds; refused ones are not counted [?]."""

    def __init__(self, limit: int, interval_s: float) -> None:
        self.limit = limit
        self.interval_s = interval_s
        self._arrivals: deque[float] = deque()

    def take(self, now_s: float) -> bool:
        """Count a request; False when there is no room."""
        if self.remaining(now_s) <= 0:
            return False
        self._arrivals.append(now_s)
        return True

    def remaining(self, now_s: float) -> int:
        """Requests still allowed now."""
        arrivals = self._arrivals
        while arrivals and arrivals[0] <= now_s - self.interval_s:
            arrivals.popleft()
        return self.limit - len(arrivals)


class Limits:
    """All the buckets of a portal: per app, search per account, associations, daily."""

    def __init__(self, config: PortalConfig, clock: Clock) -> None:
        self._clock = clock
        self._zone = ZoneInfo(config.time_zone)
        self.burst_per_10_s = config.burst_per_10_s
        self.oauth_burst_per_10_s = config.oauth_burst_per_10_s
        self.search = Rolling(config.search_per_s, 1.0)
        self.associations = Rolling(config.association_burst_per_10_s, _INTERVAL_S)
        self.daily_limit = config.daily_limit
        self.association_daily_limit = config.association_daily_limit
        self._apps: dict[str, Rolling] = {}
        self._public_apps: dict[str, Rolling] = {}
        self._day = ""
        self._used_today = 0
        self._associations_today = 0

    def admit(self, grant: Grant, bucket: str) -> str | None:
        """Count a request against its bucket (``burst``, ``search``, ``associations`` or ``none``) and the day;
        returns the name of the policy that refuses it, or None. Public OAuth apps know no day."""
        if bucket == "none":
            return None
        now_s = self._clock.limits_s()
        if self.daily_limit is not None and not grant.public and self.used_today() >= self.daily_limit:
            return "DAILY"
        most = self.association_daily_limit
        if bucket == "associations" and most is not None and self.associations_today() >= most:
            return "DAILY"
        if not self._bucket(grant, bucket).take(now_s):
            return "SECONDLY" if bucket == "search" else "TEN_SECONDLY_ROLLING"
        self.used_today()
        if bucket == "associations":
            self._associations_today += 1
        if not grant.public:
            self._used_today += 1
        return None

    def headers(self, grant: Grant, bucket: str) -> dict[str, str]:
        """The rate-limit headers of a reply; search replies carry none, OAuth ones not the daily ones."""
        if bucket in ("search", "none"):
            return {}
        rolling = self._bucket(grant, bucket)
        found = {
            "X-HubSpot-RateLimit-Max": str(rolling.limit),
            "X-HubSpot-RateLimit-Remaining": str(rolling.remaining(self._clock.limits_s())),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
        }
        if self.daily_limit is not None and not grant.public:
            found["X-HubSpot-RateLimit-Daily"] = str(self.daily_limit)
            found["X-HubSpot-RateLimit-Daily-Remaining"] = str(max(self.daily_limit - self.used_today(), 0))
        return found

    def used_today(self) -> int:
        """Requests counted since midnight in the account's time zone."""
        day = self._clock.now().astimezone(self._zone).date().isoformat()
        if day != self._day:
            self._day, self._used_today, self._associations_today = day, 0, 0
        return self._used_today

    def associations_today(self) -> int:
        """Association requests counted since midnight in the account's time zone."""
        self.used_today()
        return self._associations_today

    def follow(self, config: PortalConfig) -> None:
        """Take the limits of a changed configuration; what was used stays used."""
        self.burst_per_10_s = config.burst_per_10_s
        self.oauth_burst_per_10_s = config.oauth_burst_per_10_s
        for rolling in self._apps.values():
            rolling.limit = config.burst_per_10_s
        for rolling in self._public_apps.values():
            rolling.limit = config.oauth_burst_per_10_s
        self.search.limit = config.search_per_s
        self.associations.limit = config.association_burst_per_10_s
        self.daily_limit = config.daily_limit
        self.association_daily_limit = config.association_daily_limit

    def bars(self) -> list[dict[str, Any]]:
        """Each limit with what is used of it now."""
        now_s = self._clock.limits_s()
        rolling = [(f"{app}, 10 s", each) for app, each in (self._apps | self._public_apps).items()]
        rolling += [("search, 1 s", self.search), ("associations, 10 s", self.associations)]
        found: list[dict[str, Any]] = [
            {"name": name, "used": each.limit - each.remaining(now_s), "limit": each.limit} for name, each in rolling
        ]
        return [
            *found,
            {"name": "today, all private apps", "used": self.used_today(), "limit": self.daily_limit},
            {"name": "associations today", "used": self.associations_today(), "limit": self.association_daily_limit},
        ]

    def _bucket(self, grant: Grant, bucket: str) -> Rolling:
        if bucket == "search":
            return self.search
        if bucket == "associations":
            return self.associations
        if grant.public:
            return self._public_apps.setdefault(grant.app, Rolling(self.oauth_burst_per_10_s, _INTERVAL_S))
        return self._apps.setdefault(grant.app, Rolling(self.burst_per_10_s, _INTERVAL_S))
