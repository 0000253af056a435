"""A frequency is told in plain words, in both languages, with its next moments."""

from datetime import UTC, datetime
from importlib.resources import files

import pytest

from ontologie.model.diagnosis import Language
from ontologie.model.frequency import check_frequency
from ontologie.web.catalogue import load_language
from ontologie.web.frequency_words import in_words, next_moments

_LOCALE = files("ontologie.web").joinpath("locale")


@pytest.mark.parametrize(
    ("frequency", "english", "french"),
    [
        ("1h", "Every hour", "Toutes les heures"),
        ("manual", "On request only", "À la demande seulement"),
        ("cron */10 * * * *", "Every 10 minutes", "Toutes les 10 minutes"),
        ("cron */1 * * * *", "Every minute", "Chaque minute"),
        ("cron 3 */1 * * *", "Every hour at minute 3", "Chaque heure à la minute 3"),
        ("cron 5 * * * *", "Every hour at minute 5", "Chaque heure à la minute 5"),
        ("cron 0 */4 * * *", "Every 4 hours at minute 0", "Toutes les 4 heures à la minute 0"),
        ("cron 0 6 * * *", "At 06:00", "À 06:00"),
        ("cron 0 6 * * 1-5", "At 06:00, Monday to Friday", "À 06:00, du lundi au vendredi"),
        ("cron 30 6,18 * * 0,7", "At 06:30 and 18:30, Sunday and Sunday", "À 06:30 et 18:30, dimanche et dimanche"),
        ("cron 0 6 1,15 * *", "At 06:00, on day 1 and 15 of the month", "À 06:00, le 1 et 15 du mois"),
        ("cron 0 6 * 1 1", "At 06:00, Monday, in January", "À 06:00, lundi, en janvier"),
        ("cron 0 6 13 * 5", "By the cron expression 0 6 13 * 5", "Selon l’expression cron 0 6 13 * 5"),
        ("cron 0 6 L * *", "By the cron expression 0 6 L * *", "Selon l’expression cron 0 6 L * *"),
    ],
)
def test_in_words(frequency: str, english: str, french: str) -> None:
    assert check_frequency(frequency) == frequency
    wanted: dict[Language, str] = {"en": english, "fr": french}
    for language, words in wanted.items():
        assert in_words(frequency, load_language(_LOCALE, language), language) == words


def test_the_next_moments_are_meant_in_the_account_s_zone_over_the_change_of_time() -> None:
    now = datetime(2026, 3, 28, 12, tzinfo=UTC)
    found = next_moments("cron 0 6 * * *", now=now, time_zone="Europe/Paris", count=2)
    assert found == (datetime(2026, 3, 29, 4, tzinfo=UTC), datetime(2026, 3, 30, 4, tzinfo=UTC))


def test_manual_has_no_next_moment() -> None:
    assert next_moments("manual", now=datetime(2026, 3, 28, tzinfo=UTC), time_zone="UTC", count=3) == ()
