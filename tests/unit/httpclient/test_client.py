"""One request in, one decoded answer out, whatever lies between."""

import random
from datetime import timedelta

import msgspec
import pytest

from ontologie.clock import ManualClock
from ontologie.errors import AuthorizationLost, ContractBroken, OntologieError, RateLimited, RequestRefused, Unreachable
from ontologie.httpclient.budget import BudgetTerms
from ontologie.httpclient.client import ApiClient, Backoff, RetryPolicy
from ontologie.httpclient.request import Request
from ontologie.httpclient.scheduler import Scheduler
from ontologie.httpclient.tokens import StaticToken, TokenSource
from tests.unit.httpclient.clockwork import START, run
from tests.unit.httpclient.doubles import BUDGET, PlainVendor, ScriptedTransport, answer

GET = Request(method="GET", path="/things", budgets=(BUDGET,), object_type="contacts")
decode = msgspec.json.Decoder(dict[str, int]).decode
POLICY = RetryPolicy(max_attempts=4, max_refusals=5, first_wait=timedelta(seconds=1), longest_wait=timedelta(seconds=9))


class Bench:
    """A client on a manual clock and a scripted transport."""

    def __init__(self, *script: object, tokens: TokenSource | None = None) -> None:
        self.clock = ManualClock(START)
        self.transport = ScriptedTransport(list(script))  # type: ignore[arg-type]
        self.vendor = PlainVendor()
        self.scheduler = Scheduler({BUDGET: BudgetTerms(limit=100, interval=timedelta(seconds=1))}, self.clock)
        backoff = Backoff(self.clock, POLICY, random.Random(1))
        self.client = ApiClient(self.transport, self.vendor, self.scheduler, tokens or StaticToken("secret"), backoff)

    async def fetch(self, request: Request = GET) -> dict[str, int]:
        return await run(self.clock, self.client.fetch(request, decode), step_s=0.1)

    @property
    def sends(self) -> int:
        return len(self.transport.sent)


async def test_a_good_answer_is_decoded_and_counted() -> None:
    bench = Bench(answer(body=b'{"a":1}'))
    assert await bench.fetch() == {"a": 1}
    assert dict(bench.client.statistics.requests_by_object_type) == {"contacts": 1}
    assert bench.transport.sent == [(GET, "secret")]


async def test_passing_trouble_is_tried_again_with_growing_waits() -> None:
    bench = Bench(answer(503), Unreachable("reset"), answer(502), answer())
    await bench.fetch()
    assert bench.sends == 4
    assert bench.client.statistics.retries == 3
    assert 3.5 <= bench.clock.monotonic() <= 7.5  # 1 s, 2 s and 4 s, each shortened by jitter to no less than half


async def test_lasting_trouble_is_raised_after_the_last_attempt() -> None:
    bench = Bench(answer(500))
    with pytest.raises(Unreachable):
        await bench.fetch()
    assert bench.sends == 4


@pytest.mark.parametrize("trouble", [answer(503), Unreachable("reset")])
async def test_what_must_not_happen_twice_is_never_repeated(trouble: object) -> None:
    bench = Bench(trouble, answer())
    with pytest.raises(Unreachable):
        await bench.fetch(msgspec.structs.replace(GET, idempotent=False))
    assert bench.sends == 1


async def test_a_refusal_of_the_request_itself_is_raised_at_once() -> None:
    bench = Bench(answer(400))
    with pytest.raises(RequestRefused):
        await bench.fetch()
    assert bench.sends == 1


async def test_the_wait_that_the_server_asks_for_is_kept() -> None:
    bench = Bench(answer(503, retry_after="8"), answer())
    await bench.fetch()
    assert bench.clock.monotonic() >= 8


async def test_a_wait_too_long_for_a_call_is_left_to_the_engine() -> None:
    bench = Bench(answer(503, retry_after="3600"), answer())
    with pytest.raises(Unreachable):
        await bench.fetch()
    assert bench.clock.monotonic() < 1


async def test_a_429_slows_the_budgets_it_names_and_the_request_still_succeeds() -> None:
    bench = Bench(answer(429), answer(429, retry_after="2"), answer(body=b'{"a":1}'))
    margin = bench.scheduler.budget(BUDGET).margin
    assert await bench.fetch() == {"a": 1}
    assert bench.client.statistics.refusals == 2
    assert bench.scheduler.budget(BUDGET).margin > margin
    assert bench.clock.monotonic() >= 2.5


async def test_a_429_does_not_use_up_the_attempts_for_other_trouble() -> None:
    bench = Bench(*[answer(429)] * 4, answer(500), answer(500), answer())
    await bench.fetch()
    assert bench.sends == 7


async def test_endless_429s_are_raised_in_the_end() -> None:
    bench = Bench(answer(429))
    with pytest.raises(RateLimited):
        await bench.fetch()
    assert bench.sends == 5


@pytest.mark.parametrize(
    "body", [b"", b"{", b"<html></html>", b'{"a":"x"}', b"\xff\xfe", b"[" * 50_000, b'{"a":1e999}']
)
async def test_a_body_that_is_not_what_was_promised_is_asked_again_and_then_named(body: bytes) -> None:
    bench = Bench(answer(body=body))
    with pytest.raises(ContractBroken):
        await bench.fetch()
    assert bench.sends == 4
    healed = Bench(answer(body=body), answer(body=b'{"a":1}'))
    assert await healed.fetch() == {"a": 1}


async def test_every_answer_is_shown_to_the_vendor() -> None:
    bench = Bench(answer(500), answer())
    await bench.fetch()
    assert bench.vendor.observed == [500, 200]


class RenewableToken:
    """Gives ``old`` until it is renewed, then ``new``."""

    def __init__(self) -> None:
        self.renewals: list[str] = []

    async def current(self) -> str:
        return "new" if self.renewals else "old"

    async def renew(self, expired: str) -> bool:
        self.renewals.append(expired)
        return True


async def test_an_expired_token_is_renewed_once_and_the_request_repeated_with_the_new_one() -> None:
    tokens = RenewableToken()
    bench = Bench(answer(401), answer(), tokens=tokens)
    await bench.fetch()
    assert [token for _, token in bench.transport.sent] == ["old", "new"]
    assert tokens.renewals == ["old"]


async def test_a_new_token_that_is_refused_too_is_not_renewed_again() -> None:
    tokens = RenewableToken()
    bench = Bench(answer(401), tokens=tokens)
    with pytest.raises(AuthorizationLost):
        await bench.fetch()
    assert tokens.renewals == ["old"]


async def test_a_token_that_cannot_be_renewed_ends_the_request() -> None:
    bench = Bench(answer(401))
    with pytest.raises(AuthorizationLost):
        await bench.fetch()
    assert bench.sends == 1


async def test_no_secret_shows_in_an_error_or_in_a_repr() -> None:
    request = Request(method="POST", path="/oauth", body=b'{"tokenKey":"secret"}', budgets=(BUDGET,))
    bench = Bench(answer(body=b'{"secret":"secret"}'))
    with pytest.raises(OntologieError) as caught:
        await bench.fetch(request)
    assert "secret" not in f"{caught.value!r}{request!r}{StaticToken('secret')!r}"


def test_what_has_to_be_under_way_follows_the_latency_and_the_share_that_is_ours() -> None:
    bench = Bench(answer())
    for _ in range(100):
        bench.client.statistics.answered((BUDGET,), 2.0)
    assert bench.client.in_flight(BUDGET) == pytest.approx(200)
    with bench.scheduler.leaving(0.25):
        assert bench.client.in_flight(BUDGET) == pytest.approx(150)
    for _ in range(100):
        bench.client.statistics.answered((BUDGET,), 0.1)
    assert bench.client.in_flight(BUDGET) == pytest.approx(10, rel=0.01)
