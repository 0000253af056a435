"""When a source is due again after a run that ended so."""

from datetime import UTC, datetime, timedelta

import pytest

from ontologie.jobs.ending import due_after, regular_run
from ontologie.model.reference import Account
from ontologie.model.run import ObjectProgress, RunStatus
from ontologie.model.source import Source
from ontologie.model.stream import StreamStatus
from ontologie.sync.engine import Outcome

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
QUOTA = "HUBSPOT_DAILY_QUOTA_REACHED"


def source(frequency: str, time_zone: str = "Europe/Paris") -> Source:
    account = Account(
        portal_id=1,
        account_type="STANDARD",
        time_zone=time_zone,
        currency="EUR",
        ui_domain="",
        data_hosting_location="",
    )
    return Source(
        id=3,
        workspace_id=1,
        name="acme",
        connector="hubspot",
        api_url="https://api.example",
        schema_name="hubspot_acme",
        streams=("contacts",),
        excluded_properties={},
        sensitive=False,
        frequency=frequency,
        paused=False,
        account=account,
        next_run_at=None,
        created_at=NOW,
    )


def due(frequency: str, outcome: Outcome, *, failures: int = 1, time_zone: str = "Europe/Paris") -> datetime | None:
    return due_after(source(frequency, time_zone), outcome, now=NOW, failures=failures)


@pytest.mark.parametrize(
    ("time_zone", "midnight"),
    [
        ("Europe/Paris", datetime(2026, 11, 20, 23, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 21, 5, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 11, 21, 15, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 11, 20, 18, 30, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("failures", [1, 9])
def test_a_used_up_day_is_over_at_the_accounts_midnight(time_zone: str, midnight: datetime, failures: int) -> None:
    outcome = Outcome(status=RunStatus.ERROR, diagnosis_code=QUOTA)
    found = due("5m", outcome, failures=failures, time_zone=time_zone)
    assert found is not None
    assert midnight < found < midnight + timedelta(minutes=12)


def test_one_stream_without_quota_is_enough_to_wait() -> None:
    stopped = ObjectProgress(
        object_type="contacts", stream="contacts", status=StreamStatus.ERROR, diagnosis_code=QUOTA
    )
    outcome = Outcome(status=RunStatus.ACTION_REQUIRED, diagnosis_code="HUBSPOT_SCOPE_MISSING", objects=(stopped,))
    found = due("15m", outcome)
    assert found is not None
    assert found > datetime(2026, 11, 20, 23, tzinfo=UTC)


def test_a_source_that_is_due_later_than_the_next_day_stays_so() -> None:
    outcome = Outcome(status=RunStatus.ERROR, diagnosis_code=QUOTA)
    assert due("weekly", outcome) == regular_run(source("weekly"), NOW)


def test_what_asked_for_a_wait_is_not_asked_before() -> None:
    """HubSpot's 477, a move to another data centre, with its Retry-After."""
    moving = ObjectProgress(
        object_type="contacts",
        stream="contacts",
        status=StreamStatus.ERROR,
        diagnosis_code="HUBSPOT_MIGRATING",
        diagnosis_params={"wait_s": 7_200},
    )
    outcome = Outcome(status=RunStatus.ACTION_REQUIRED, diagnosis_code="HUBSPOT_SCOPE_MISSING", objects=(moving,))
    assert due("5m", outcome) == NOW + timedelta(hours=2)
    whole = Outcome(status=RunStatus.ERROR, diagnosis_code="HUBSPOT_MIGRATING", diagnosis_params={"wait_s": 7_200})
    assert due("weekly", whole) == NOW + timedelta(hours=2), "it is tried again then, not only in a week"
    assert due("manual", whole) is None


def test_a_manual_source_waits_for_somebody() -> None:
    assert due("manual", Outcome(status=RunStatus.ERROR, diagnosis_code=QUOTA)) is None


def test_any_other_error_is_tried_again_soon() -> None:
    found = due("6h", Outcome(status=RunStatus.ERROR, diagnosis_code="HUBSPOT_UNREACHABLE"))
    assert found is not None
    assert timedelta(seconds=29) < found - NOW <= timedelta(minutes=1)


def test_what_is_partial_goes_on_at_once() -> None:
    assert due("6h", Outcome(status=RunStatus.PARTIAL)) == NOW
