"""The portal's own clock: real until somebody freezes, sets or advances it."""

import functools
import time
from datetime import UTC, date, datetime, timedelta

_DAY_MS = 86_400_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_LATEST_MS = 7_258_118_400_000  # 2200


class Clock:
    """Milliseconds since 1970, and a second time for the rolling limits.

    ``now_ms`` follows the wall clock plus every ``advance``, or stands still once frozen.
    ``limits_s`` never stands still: a frozen portal would otherwise refuse its 111th request
    for ever. Advancing moves both, so a rolling window can be emptied without waiting.
    """

    def __init__(self) -> None:
        self._offset_ms = 0
        self._frozen_at_ms: int | None = None
        self._limits_offset_s = 0.0

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return self._frozen_at_ms is not None

    def now_ms(self) -> int:
        """The portal's present, in milliseconds since 1970."""
        if self._frozen_at_ms is not None:
            return self._frozen_at_ms
        return time.time_ns() // 1_000_000 + self._offset_ms

    def now(self) -> datetime:
        """The portal's present, in UTC."""
        return datetime.fromtimestamp(self.now_ms() / 1000, UTC)

    def limits_s(self) -> float:
        """Seconds that only go forward, for rolling windows."""
        return time.monotonic() + self._limits_offset_s

    def freeze(self, at: datetime | None = None) -> None:
        """Stop at ``at``, or at the present."""
        if at is not None:
            _check(to_ms(at))
        self._frozen_at_ms = self.now_ms() if at is None else to_ms(at)

    def unfreeze(self) -> None:
        """Run again from where the clock stood."""
        if self._frozen_at_ms is not None:
            self._offset_ms = self._frozen_at_ms - time.time_ns() // 1_000_000
            self._frozen_at_ms = None

    def set(self, at: datetime) -> None:
        """Jump to ``at``; frozen stays frozen, running keeps running. ValueError outside 1970 to 2199."""
        _check(to_ms(at))
        if self._frozen_at_ms is not None:
            self._frozen_at_ms = to_ms(at)
        else:
            self._offset_ms = to_ms(at) - time.time_ns() // 1_000_000

    def advance(self, by: timedelta) -> None:
        """Go forward; ValueError for a negative duration (use ``set`` to go back) or past 2199."""
        if by < timedelta(0):
            raise ValueError("a clock advances forward only; use set() to go back")
        step_ms = round(by.total_seconds() * 1000)
        _check(self.now_ms() + step_ms)
        if self._frozen_at_ms is not None:
            self._frozen_at_ms += step_ms
        else:
            self._offset_ms += step_ms
        self._limits_offset_s += by.total_seconds()


def _check(ms: int) -> None:
    if not 0 <= ms < _LATEST_MS:
        raise ValueError("the clock goes from 1970 to 2199")


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware datetime; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return round(moment.timestamp() * 1000)


def iso(ms: int) -> str:
    """HubSpot's spelling of a moment: ``2026-11-01T00:00:00.123Z``. The hot spot of rendering, hence no strftime."""
    day, rest = divmod(ms, _DAY_MS)
    seconds, milliseconds = divmod(rest, 1_000)
    minutes, second = divmod(seconds, 60)
    return f"{_day(day)}T{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.{milliseconds:03d}Z"


def iso_day(ms: int) -> str:
    """The UTC day: ``2026-11-01``."""
    return _day(ms // _DAY_MS)


@functools.lru_cache(maxsize=50_000)
def _day(number: int) -> str:
    return date.fromordinal(_EPOCH_DAY + number).isoformat()


def parse_moment(text: str) -> int | None:
    """Milliseconds since 1970 from digits or ISO 8601, or None when the text is neither."""
    if text.isascii() and text.removeprefix("-").isdigit():
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return to_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
