"""When a source is synced next."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontologie.errors import UsageError
from ontologie.model.frequency import check_frequency, known_zone, next_run

INTERVALS = {
    "5m": timedelta(minutes=5),
    "15m": timedelta(minutes=15),
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
}
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants bounds without a zone
spreads = st.floats(0, 1, exclude_max=True)


@given(frequency=st.sampled_from(list(INTERVALS)), now=moments, spread=spreads)
def test_an_interval_comes_after_now_and_within_its_length(frequency: str, now: datetime, spread: float) -> None:
    following = next_run(frequency, now=now, spread=spread)
    assert following is not None
    assert timedelta(0) <= following - now <= INTERVALS[frequency] + timedelta(microseconds=1)
    after = next_run(frequency, now=following + timedelta(microseconds=1), spread=spread)
    assert after is not None
    assert abs(after - following - INTERVALS[frequency]) < timedelta(milliseconds=1)


def test_the_moment_after_a_due_moment_is_another_one() -> None:
    due = next_run("5m", now=datetime(2000, 1, 1, tzinfo=UTC), spread=0.521484375)
    assert due is not None
    following = next_run("5m", now=due, spread=0.521484375)
    assert following is not None
    assert following > due


def test_a_thousand_hourly_sources_do_not_start_together() -> None:
    now = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    found = {next_run("1h", now=now, spread=number / 1_000) for number in range(1_000)}
    assert len(found) == 1_000


def test_manual_never_comes_by_itself() -> None:
    assert next_run("manual", now=datetime(2026, 1, 1, tzinfo=UTC), spread=0) is None


@pytest.mark.parametrize(
    ("expression", "zone", "now", "expected"),
    [
        ("0 3 * * *", "UTC", "2026-11-20T12:00", "2026-11-21T03:00"),
        ("0 3 * * *", "Europe/Paris", "2026-11-20T12:00", "2026-11-21T02:00"),
        ("0 3 * * *", "Europe/Paris", "2026-07-20T12:00", "2026-07-21T01:00"),
        ("*/20 * * * *", "Asia/Kolkata", "2026-11-20T12:00", "2026-11-20T12:10"),
        ("0 0 29 2 *", "UTC", "2026-11-20T12:00", "2028-02-29T00:00"),
        ("0 9 * * MON-FRI", "UTC", "2026-11-20T12:00", "2026-11-23T09:00"),
        # 2026-03-29: 02:30 does not exist in Paris; 2026-10-25: it comes twice, and the sync once
        ("30 2 * * *", "Europe/Paris", "2026-03-28T12:00", "2026-03-29T01:00"),
        ("30 2 * * *", "Europe/Paris", "2026-10-24T12:00", "2026-10-25T00:30"),
        ("30 2 * * *", "Europe/Paris", "2026-10-25T00:30", "2026-10-26T01:30"),
    ],
)
def test_a_cron_expression_is_meant_in_the_accounts_time_zone(
    expression: str, zone: str, now: str, expected: str
) -> None:
    begun = datetime.fromisoformat(now).replace(tzinfo=UTC)
    following = next_run(f"cron {expression}", now=begun, spread=0.7, time_zone=zone)
    assert following == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@settings(max_examples=100, deadline=None)
@given(
    now=st.datetimes(datetime(2026, 3, 27), datetime(2026, 11, 3), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    zone=st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    expression=st.sampled_from(["0 * * * *", "30 2 * * *", "*/5 * * * *", "15 1,2,3 * * SUN"]),
)
def test_a_cron_expression_always_comes_after_now_clock_changes_included(
    now: datetime, zone: str, expression: str
) -> None:
    following = next_run(f"cron {expression}", now=now, spread=0, time_zone=zone)
    assert following is not None
    assert following > now
    assert following.astimezone(ZoneInfo(zone)).minute % 5 == 0


@pytest.mark.parametrize("frequency", ["manual", *INTERVALS, "cron */5 * * * *"])
def test_a_known_frequency_is_its_own_canonical_form(frequency: str) -> None:
    assert check_frequency(frequency) == frequency


@pytest.mark.parametrize("frequency", ["*/5 * * * *", "cron   */5 *  * * * ", " */5 * * * *"])
def test_a_cron_expression_is_recognised_with_and_without_its_name(frequency: str) -> None:
    assert check_frequency(frequency) == "cron */5 * * * *"


@pytest.mark.parametrize(
    "frequency", ["", "hourly", "2h", "cron", "cron 61 * * * *", "cron * * * *", "* * 31 2 *", "1h; rm", "cron é"]
)
def test_anything_else_is_refused_with_what_was_given(frequency: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_frequency(frequency)
    assert caught.value.code == "FREQUENCY_UNKNOWN"
    assert caught.value.params["frequency"] == frequency


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
def test_no_text_does_anything_but_pass_or_be_refused(frequency: str) -> None:
    try:
        canonical = check_frequency(frequency)
    except UsageError:
        return
    assert check_frequency(canonical) == canonical
    next_run(canonical, now=datetime(2026, 11, 20, tzinfo=UTC), spread=0)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Europe", "a" * 300, "a\0b"])
def test_a_time_zone_that_is_none_is_utc(name: str) -> None:
    assert known_zone(name) == "UTC"
    assert known_zone("Europe/Paris") == "Europe/Paris"
