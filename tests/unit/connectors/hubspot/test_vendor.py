"""What each of HubSpot's answers means: the bodies are those of hubspot-api.md, sections 2, 3, 6 and 7."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from ontologie.clock import ManualClock
from ontologie.connectors.hubspot.portals import BURST
from ontologie.connectors.hubspot.vendor import HubSpotVendor
from ontologie.errors import (
    AuthorizationLost,
    OntologieError,
    QuotaReached,
    RateLimited,
    RequestRefused,
    RetryLater,
    ScopeMissing,
    StreamStopped,
    Unreachable,
)
from ontologie.httpclient.request import Request, Response
from ontologie.httpclient.scheduler import Scheduler
from ontologie.httpclient.vendor import Refusal, Treatment
from ontologie.model.diagnosis import CATALOGUE
from tests.unit.connectors.hubspot.servers import budgets, vendor
from tests.unit.httpclient.clockwork import START
from tests.unit.httpclient.doubles import answer

GET = Request(method="GET", path="/crm/objects/2026-09/contacts", budgets=(BURST,), object_type="contacts")


def made() -> HubSpotVendor:
    return vendor(Scheduler(budgets(), ManualClock(START)))


def judged(status: int, body: Any = None, request: Request = GET, **headers: str) -> Refusal:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body or {})
    refusal = made().judge(request, answer(status, raw, **headers))
    assert refusal.error.code in CATALOGUE
    return refusal


def scopes_403(**context: list[str]) -> dict[str, Any]:
    return {
        "status": "error",
        "message": "This app hasn't been granted all required scopes to make this call.",
        "errors": [{"message": "One or more of the following scopes are required.", "context": context}],
        "category": "MISSING_SCOPES",
    }


DOCUMENTED: list[tuple[int, dict[str, Any], type[OntologieError], str, Treatment]] = [
    (
        429,
        {"message": "You have reached your ten_secondly_rolling limit.", "policyName": "TEN_SECONDLY_ROLLING"},
        RateLimited,
        "HUBSPOT_RATE_LIMITED",
        Treatment.SLOW_DOWN,
    ),
    (
        429,
        {"message": "You have reached your secondly limit.", "policyName": "SECONDLY", "groupName": "publicapi:x"},
        RateLimited,
        "HUBSPOT_RATE_LIMITED",
        Treatment.SLOW_DOWN,
    ),
    (429, {"category": "RATE_LIMITS"}, RateLimited, "HUBSPOT_RATE_LIMITED", Treatment.SLOW_DOWN),
    (
        429,
        {"message": "You have reached your daily limit.", "errorType": "RATE_LIMIT", "policyName": "DAILY"},
        QuotaReached,
        "HUBSPOT_DAILY_QUOTA_REACHED",
        Treatment.RAISE,
    ),
    (
        429,
        {"message": "You have reached your daily limit."},
        QuotaReached,
        "HUBSPOT_DAILY_QUOTA_REACHED",
        Treatment.RAISE,
    ),
    (
        401,
        {
            "message": "The OAuth token used to make this call expired 0 second(s) ago.",
            "category": "EXPIRED_AUTHENTICATION",
        },
        AuthorizationLost,
        "HUBSPOT_TOKEN_EXPIRED",
        Treatment.RENEW_TOKEN,
    ),
    (
        401,
        {"message": "Authentication credentials not found.", "category": "INVALID_AUTHENTICATION"},
        AuthorizationLost,
        "HUBSPOT_TOKEN_INVALID",
        Treatment.RAISE,
    ),
    (
        403,
        scopes_403(requiredGranularScopes=["crm.objects.contacts.read"]),
        ScopeMissing,
        "HUBSPOT_SCOPE_MISSING",
        Treatment.RAISE,
    ),
    (
        403,
        scopes_403(requiredScopes=["contacts"]),
        ScopeMissing,
        "HUBSPOT_SCOPE_MISSING",
        Treatment.RAISE,
    ),
    (
        403,
        {"category": "MISSING_SCOPES", "context": {"missingScopes": ["crm.objects.contacts.read"]}},
        ScopeMissing,
        "HUBSPOT_SCOPE_MISSING",
        Treatment.RAISE,
    ),
    (
        403,
        {"message": "no", "category": "USER_DOES_NOT_HAVE_PERMISSIONS"},
        StreamStopped,
        "HUBSPOT_PERMISSION_MISSING",
        Treatment.RAISE,
    ),
    (
        404,
        {"message": "resource not found", "category": "OBJECT_NOT_FOUND"},
        RequestRefused,
        "HUBSPOT_REQUEST_REFUSED",
        Treatment.RAISE,
    ),
    (
        400,
        {"message": "Unable to infer object type from: widgets"},
        StreamStopped,
        "HUBSPOT_OBJECT_TYPE_UNKNOWN",
        Treatment.RAISE,
    ),
    (
        400,
        {"message": "Invalid object or event type id: 0-9999"},
        StreamStopped,
        "HUBSPOT_OBJECT_TYPE_UNKNOWN",
        Treatment.RAISE,
    ),
    (
        400,
        {"message": "The maximum number of inputs supported in a batch is 100.", "category": "VALIDATION_ERROR"},
        RequestRefused,
        "HUBSPOT_REQUEST_REFUSED",
        Treatment.RAISE,
    ),
    (414, {}, RequestRefused, "HUBSPOT_REQUEST_REFUSED", Treatment.RAISE),
    (423, {}, Unreachable, "HUBSPOT_UNREACHABLE", Treatment.BACK_OFF),
    (477, {}, RetryLater, "HUBSPOT_MIGRATING", Treatment.BACK_OFF),
    *(
        (status, {}, Unreachable, "HUBSPOT_UNREACHABLE", Treatment.BACK_OFF)
        for status in (500, 502, 503, 504, 521, 522, 523, 524, 525, 526)
    ),
]


@pytest.mark.parametrize(("status", "body", "kind", "code", "treatment"), DOCUMENTED)
def test_a_documented_body_is_filed_as_it_should_be(
    status: int, body: dict[str, Any], kind: type[OntologieError], code: str, treatment: Treatment
) -> None:
    refusal = judged(status, {"status": "error", "correlationId": "c"} | body)
    assert type(refusal.error) is kind
    assert (refusal.error.code, refusal.treatment) == (code, treatment)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 423, 429, 477, 500, 503, 524])
@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"\xff", b"[]", b"null", b'{"message":1,"category":[]}'])
def test_an_error_whose_body_is_unreadable_is_filed_by_its_status(status: int, body: bytes) -> None:
    expected = {401: AuthorizationLost, 423: Unreachable, 429: RateLimited, 477: RetryLater}
    fallback = Unreachable if status >= 500 else RequestRefused
    assert type(judged(status, body).error) is expected.get(status, fallback)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (429, {"message": "You have reached your daily limit.", "policyName": None}, "HUBSPOT_DAILY_QUOTA_REACHED"),
        (401, {"message": None, "category": "EXPIRED_AUTHENTICATION"}, "HUBSPOT_TOKEN_EXPIRED"),
        (403, {"message": None, "category": "MISSING_SCOPES"}, "HUBSPOT_SCOPE_MISSING"),
    ],
)
def test_one_field_of_another_type_does_not_hide_the_others(status: int, body: dict[str, Any], code: str) -> None:
    assert judged(status, body).error.code == code


def test_a_deeply_nested_body_is_filed_by_its_status() -> None:
    judged(400, b'{"errors":' + b"[" * 100_000)


def test_a_retry_after_past_all_time_is_no_crash() -> None:
    judged(429, {}, retry_after="9" * 15)


@pytest.mark.parametrize("text", ["", "soon", "-1", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_retry_after_that_is_no_number_of_seconds_is_ignored(text: str) -> None:
    assert judged(429, {}, retry_after=text).wait_at_least is None


def test_the_waits_that_hubspot_asks_for() -> None:
    moving = judged(477, {}, retry_after="60")
    assert moving.wait_at_least == timedelta(seconds=60)
    assert moving.error.params == {"wait_s": 60}
    assert judged(429, {}, retry_after="3").wait_at_least == timedelta(seconds=3)
    assert judged(423).wait_at_least == timedelta(seconds=2)


def test_a_missing_scope_names_what_the_user_must_tick() -> None:
    refusal = judged(403, scopes_403(requiredGranularScopes=["crm.schemas.contacts.read", "x"]))
    assert refusal.error.params["scope"] == "crm.objects.contacts.read"
    owners = msgspec.structs.replace(GET, object_type="", path="/crm/owners/2026-09")
    refusal = judged(403, scopes_403(requiredGranularScopes=["crm.objects.owners.read"]), owners)
    assert refusal.error.params["scope"] == "crm.objects.owners.read"


def test_no_error_quotes_the_body() -> None:
    refusal = judged(400, {"message": "the value anna@example.org is bad", "category": "VALIDATION_ERROR"})
    assert "anna" not in str(refusal.error)


def test_the_limits_in_the_headers_are_taken_over_and_nonsense_is_not() -> None:
    scheduler = Scheduler(budgets(), ManualClock(START))
    one = vendor(scheduler)
    headers = {"x_hubspot_ratelimit_max": "190", "x_hubspot_ratelimit_interval_milliseconds": "10000"}
    one.observe(GET, answer(**headers))
    assert scheduler.budget(BURST).limit == 190
    for nonsense in ("0", "-1", "many", ""):
        one.observe(GET, answer(**(headers | {"x_hubspot_ratelimit_max": nonsense})))
    assert scheduler.budget(BURST).limit == 190


@pytest.mark.parametrize(("left", "stops"), [("200", False), ("101", False), ("99", True), ("0", True)])
def test_we_stop_before_the_days_quota_is_used_up(left: str, stops: bool) -> None:
    one = vendor(Scheduler(budgets(), ManualClock(START)), daily_share=0.9)
    one.observe(GET, answer(x_hubspot_ratelimit_daily="1000", x_hubspot_ratelimit_daily_remaining=left))
    if not stops:
        return one.before(GET)
    for _ in range(2):  # readers side by side do not each ask once more
        with pytest.raises(QuotaReached):
            one.before(GET)
    following = vendor(Scheduler(budgets(), ManualClock(START)), daily_share=0.9)
    following.quotas = one.quotas
    following.before(GET)  # the day may have ended: the next session asks
    return None


def test_the_first_session_of_a_new_day_asks_whatever_others_were_told_of_the_old_one() -> None:
    def told(left: str) -> Response:
        return answer(x_hubspot_ratelimit_daily="1000", x_hubspot_ratelimit_daily_remaining=left)

    one, other, following = (vendor(Scheduler(budgets(), ManualClock(START)), daily_share=0.9) for _ in range(3))
    other.quotas = following.quotas = one.quotas
    one.observe(GET, told("99"))
    with pytest.raises(QuotaReached):
        one.before(GET)
    one.observe(GET, told("98"))  # it was on its way
    other.observe(GET, told("97"))  # the last word of the day
    following.before(GET)
    following.observe(GET, told("999"))
    following.before(GET)
    assert one.quotas.known() == (1_000, 998)


def test_what_is_left_is_known_when_it_stops_us() -> None:
    one = vendor(Scheduler(budgets(), ManualClock(START)), daily_share=0.9)
    one.observe(GET, answer(x_hubspot_ratelimit_daily="1000", x_hubspot_ratelimit_daily_remaining="99"))
    with pytest.raises(QuotaReached):
        one.before(GET)
    assert one.quotas.known() == (1_000, 99)
