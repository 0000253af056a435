"""Numbers, moments and durations as this reader writes them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date, format_datetime, format_time, format_timedelta, get_timezone
from babel.numbers import format_compact_decimal, format_currency, format_decimal, format_percent

from ontologie.model.diagnosis import Language


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

    def clock(self, value: datetime, zone: str) -> str:
        """The minute alone today, else with its day."""
        there = get_timezone(zone)
        if value.astimezone(there).date() == self.now.astimezone(there).date():
            return format_time(value, "HH:mm", tzinfo=there, locale=self._language)
        return self.moment(value, zone)

    def ago(self, value: datetime) -> str:
        """How long ago, or in how long."""
        said = format_timedelta(value - self.now, add_direction=True, format="short", locale=self._language)
        return said.replace(". ", " ") if self._language == "en" else said  # "3 min ago", not "3 min. ago"

    def duration(self, value: timedelta) -> str:
        """A length of time, in its largest unit."""
        return format_timedelta(value, format="long", threshold=1.2, locale=self._language)
