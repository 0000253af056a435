"""Numbers, moments and durations as this reader writes them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta, get_timezone
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
)

from ontologie.model.diagnosis import Language

NARROW_SPACE = "\u202f"
_TENTHS_BELOW_S = 10
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


class Formats:
    """The formats of one reader at one moment. None is shown as a dash."""

    def __init__(self, language: Language, now: datetime) -> None:
        self._language = language
        self.now = now

    def number(self, value: float | None) -> str:
        return "–" if value is None else format_decimal(value, locale=self._language)

    def exactly(self, value: int | float | Decimal) -> str:
        """With every digit it has."""
        return format_decimal(value, locale=self._language, decimal_quantization=False)

    def money(self, value: int | float | Decimal, currency: str | None) -> str:
        """An amount in its currency; a plain number where the currency is not known."""
        if currency is None:
            return self.exactly(value)
        return format_currency(value, currency, locale=self._language)

    def money_round(self, value: int | float | Decimal, currency: str | None) -> str:
        """An amount without its cents."""
        if currency is None:
            return self.number(round(value))
        pattern = Locale.parse(self._language).currency_formats["standard"].pattern.replace(".00", "")
        return format_currency(round(value), currency, pattern, locale=self._language, currency_digits=False)

    def money_compact(self, value: float, currency: str | None) -> str:
        """1,234,567 EUR as €1.2M."""
        if currency is None:
            return self.compact(value)
        return format_compact_currency(value, currency, locale=self._language, fraction_digits=1)

    def month(self, value: date, *, year: bool = False) -> str:
        """The month's short name."""
        return format_date(value, "LLLL y" if year else "LLL", locale=self._language)

    def week(self, value: date) -> str:
        """A day of this year, short."""
        return format_date(value, "d/M" if self._language == "fr" else "MMM d", locale=self._language)

    def day(self, iso: str) -> str:
        """2026-11-20 as a date; a year that Python does not have stays as it is written."""
        try:
            return format_date(date.fromisoformat(iso), "medium", locale=self._language)
        except ValueError:
            return iso

    def moment_of_text(self, iso: str, zone: str) -> str:
        """The day with its year and the minute; a year that Python does not have stays as it is written."""
        try:
            at = datetime.fromisoformat(iso)
        except ValueError:
            return iso
        return format_datetime(at, "medium", tzinfo=get_timezone(zone), locale=self._language)

    def compact(self, value: float | None) -> str:
        """1,234,567 as 1.2M."""
        return "–" if value is None else format_compact_decimal(value, locale=self._language, fraction_digits=1)

    def share(self, value: float | None) -> str:
        """0.42 as 42 %."""
        return "–" if value is None else format_percent(value, locale=self._language)

    def moment(self, value: datetime, zone: str) -> str:
        """The day and the minute, in the account's time zone."""
        return format_datetime(value, "d MMM, HH:mm", tzinfo=get_timezone(zone), locale=self._language)

    def moments(self, values: Sequence[datetime], zone: str) -> str:
        """Several, with their weekdays."""
        there = get_timezone(zone)
        return " · ".join(
            format_datetime(value, "EEE d MMM HH:mm", tzinfo=there, locale=self._language) for value in values
        )

    def second(self, value: datetime, zone: str) -> str:
        """The second, in the account's time zone."""
        return format_time(value, "HH:mm:ss", tzinfo=get_timezone(zone), locale=self._language)

    def elapsed(self, value: timedelta) -> str:
        """A length of time as a clock shows it: 0:42, 12:05, 3:12:40; below ten seconds with tenths."""
        seconds = max(0.0, value.total_seconds())
        if seconds < _TENTHS_BELOW_S:
            return format_decimal(round(seconds, 1), locale=self._language) + NARROW_SPACE + "s"
        minutes, rest = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

    def bytes(self, value: int) -> str:
        """1,234,567 as 1.2 MB."""
        french = self._language == "fr"
        units = ("o", "ko", "Mo", "Go", "To") if french else ("B", "kB", "MB", "GB", "TB")
        size, unit = float(value), 0
        while size >= 1000 and unit < len(units) - 1:  # noqa: PLR2004 - a kilobyte
            size, unit = size / 1000, unit + 1
        return format_decimal(round(size, 1 if unit else 0), locale=self._language) + NARROW_SPACE + units[unit]

    def device(self, agent: str) -> str:
        """The browser and the system that a User-Agent names; empty where it names none that we know."""
        browser = next((name for token, name in _BROWSERS if token in agent), "")
        system = next((name for token, name in _SYSTEMS if token in agent), "")
        return " · ".join(part for part in (browser, system) if part)

    def clock(self, value: datetime, zone: str) -> str:
        """The minute alone today, else with its day."""
        there = get_timezone(zone)
        if value.astimezone(there).date() == self.now.astimezone(there).date():
            return format_time(value, "HH:mm", tzinfo=there, locale=self._language)
        return self.moment(value, zone)

    def ago(self, value: datetime) -> str:
        """How long ago, or in how long."""
        said = format_timedelta(value - self.now, add_direction=True, format="short", locale=self._language)
        if self._language == "en":  # "3 min ago", not "3 min. ago"
            return said.replace(". ", " ").removesuffix(".")
        return said

    def duration(self, value: timedelta) -> str:
        """A length of time, in its largest unit."""
        return format_timedelta(value, format="long", threshold=1.2, locale=self._language)
