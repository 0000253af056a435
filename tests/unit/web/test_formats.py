"""Moments, numbers and durations as an English and a French reader write them."""

from datetime import UTC, datetime, timedelta

import pytest

from ontologie.web.formats import Formats

NOW = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
EN, FR = Formats("en", NOW), Formats("fr", NOW)


@pytest.mark.parametrize(
    ("shift", "english", "french"),
    [
        (timedelta(minutes=-3), "3 min ago", "il y a 3 min"),
        (timedelta(minutes=5), "in 5 min", "dans 5 min"),
        (timedelta(hours=-2), "2 hr ago", "il y a 2 h"),
    ],
)
def test_how_long_ago_has_no_stray_dots(shift: timedelta, english: str, french: str) -> None:
    assert EN.ago(NOW + shift) == english
    assert FR.ago(NOW + shift).replace("\u202f", " ").replace("\xa0", " ") == french


def test_today_is_told_by_the_clock_of_the_account() -> None:
    assert EN.clock(NOW - timedelta(minutes=5), "Europe/Paris") == "23:25"
    assert EN.clock(NOW - timedelta(hours=24), "Europe/Paris") == "23 Nov, 23:30"
    assert EN.clock(NOW, "Asia/Tokyo") == "07:30"


def test_numbers_follow_the_language_and_nothing_is_a_dash() -> None:
    assert EN.number(12_345) == "12,345"
    assert FR.number(12_345) == "12\u202f345"
    assert EN.number(None) == EN.share(None) == "–"
