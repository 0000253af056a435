"""Messages about sources: written with the run's end, delivered, tried again, given up, signed."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from ontologie.clock import ManualClock
from ontologie.errors import UsageError
from ontologie.httpclient import webhook
from ontologie.httpclient.webhook import WebhookFailed
from ontologie.jobs.courier import Courier, CourierSettings, signature
from ontologie.jobs.ending import RunEnded
from ontologie.jobs.mail import MailSettings
from ontologie.model.run import Run, RunOptions, RunStatus
from ontologie.model.source import Source
from ontologie.services import notifications, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from tests.unit.jobs.mailbox import Mailbox, Receiver, mailbox, receiver
from tests.unit.services.conftest import context

__all__ = ["context"]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as made:
        yield made


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    async with receiver() as made:
        yield made


@pytest.fixture
async def telling(context: Context, box: Mailbox) -> Context:
    """The system with a mail server."""
    mail = MailSettings(host="127.0.0.1", port=box.port, security="none", sender="live@example.com")
    settings = CourierSettings(mail=mail, private_webhooks=True, public_url="https://live.example.com")
    courier = Courier(context.pool, context.clock, context.vault, settings)
    return msgspec.structs.replace(context, courier=courier)


async def source_of(context: Context) -> Source:
    return await sources.add(context, SourceRequest(name="acme", connector="hubspot", token="portal-7"))


async def ended(
    context: Context,
    source: Source,
    status: RunStatus,
    *,
    before: RunStatus | None = None,
    alarm: bool = False,
    failures: int = 0,
) -> None:
    """Tell the courier of a run's end."""
    run = Run(
        id=41,
        source_id=source.id,
        status=status,
        options=RunOptions(),
        trigger="schedule",
        created_at=NOON,
        started_at=NOON,
        ended_at=NOON,
        diagnosis_code=None if status is RunStatus.SYNCED else "HUBSPOT_TOKEN_INVALID",
    )
    earlier = msgspec.structs.replace(source, failures=failures)
    told = RunEnded(source=earlier, run=run, before=before, failures=0, alarm=alarm)
    async with context.pool.connection() as connection:
        await context.courier.run_ended(connection, told)


async def test_what_needs_the_user_is_mailed_in_the_language_of_the_channel(telling: Context, box: Mailbox) -> None:
    await notifications.add_email(telling, "zoe@example.com", "fr")
    await ended(telling, await source_of(telling), RunStatus.ACTION_REQUIRED, alarm=True)
    await telling.courier.deliver_due()
    [letter] = box.messages
    assert letter["To"] == "zoe@example.com"
    assert letter["From"] == "live@example.com"
    assert letter["Subject"] == "Ontologie · acme : action requise"
    body = letter.get_content()
    assert "HubSpot refuse ce jeton." in body
    assert "https://live.example.com/runs/41" in body
    await telling.courier.deliver_due()
    assert len(box.messages) == 1


async def test_a_message_names_the_streams_and_since_when_nothing_newer_has_come(
    telling: Context, box: Mailbox, hook: Receiver
) -> None:
    await notifications.add_email(telling, "zoe@example.com", "fr")
    await notifications.add_webhook(telling, hook.url, "en")
    source = await source_of(telling)
    async with telling.pool.connection() as connection:
        for name, code in (("contacts", None), ("deals", "HUBSPOT_TOKEN_INVALID"), ("calls", "HUBSPOT_TOKEN_INVALID")):
            await connection.execute(
                "INSERT INTO object_states (source_id, object_type, status, diagnosis_code, last_synced_at)"
                " VALUES (%s, %s, 'error', %s, '2026-11-19 08:30Z')",
                [source.id, name, code],
            )
    await ended(telling, source, RunStatus.ACTION_REQUIRED, alarm=True)
    await telling.courier.deliver_due()
    [letter], [(_, body)] = box.messages, hook.calls
    said = letter.get_content()
    assert "calls, deals." in said
    assert "Rien de plus récent n’est arrivé depuis le 19/11/2026 08:30 UTC." in said
    told = json.loads(body)
    assert (told["streams"], told["since"]) == (["calls", "deals"], "2026-11-19T08:30:00Z")


async def test_recovery_is_told_only_after_trouble_was(telling: Context, hook: Receiver) -> None:
    await notifications.add_webhook(telling, hook.url, "en")
    source = await source_of(telling)
    await ended(telling, source, RunStatus.SYNCED, before=RunStatus.SYNCED)
    await ended(telling, source, RunStatus.ERROR, before=RunStatus.SYNCED)
    await ended(telling, source, RunStatus.SYNCED, before=RunStatus.ERROR, failures=1)
    await telling.courier.deliver_due()
    assert hook.calls == []
    await ended(telling, source, RunStatus.SYNCED, before=RunStatus.ERROR, failures=3)
    await ended(telling, source, RunStatus.PARTIAL, before=RunStatus.ACTION_REQUIRED)
    await telling.courier.deliver_due()
    assert [json.loads(body)["event"] for _, body in hook.calls] == ["recovered", "recovered"]


async def test_a_webhook_is_signed_with_the_secret_that_was_shown(telling: Context, hook: Receiver) -> None:
    made = await notifications.add_webhook(telling, f"{hook.url}/in", "en")
    await ended(telling, await source_of(telling), RunStatus.ERROR, alarm=True)
    await telling.courier.deliver_due()
    [(headers, body)] = hook.calls
    expected = signature(made.secret, headers["Ontologie-Timestamp"], body)
    assert headers["Ontologie-Signature"] == f"v1={expected}"
    told = json.loads(body)
    assert told["event"] == "error"
    assert told["source"] == "acme"
    assert told["account_id"] == "7"
    assert told["diagnosis"]["code"] == "HUBSPOT_TOKEN_INVALID"


async def test_what_did_not_arrive_is_tried_again_with_growing_waits_and_given_up(
    telling: Context, hook: Receiver
) -> None:
    assert isinstance(telling.clock, ManualClock)
    await notifications.add_webhook(telling, hook.url, "en")
    await ended(telling, await source_of(telling), RunStatus.ERROR, alarm=True)
    hook.statuses = [500, 302] + [503] * 20
    moments = []
    for _ in range(24 * 60):
        known = len(hook.calls)
        await telling.courier.deliver_due()
        if len(hook.calls) > known:
            moments.append(telling.clock.now() - NOON)
        await telling.clock.advance(timedelta(minutes=1))
    assert [moment // timedelta(minutes=1) for moment in moments] == [0, 1, 6, 21, 81, 261, 621, 1341]
    [channel] = await notifications.every(telling)
    assert channel.last_error == "HTTP 503"
    assert channel.last_delivered_at is None


async def test_a_message_written_by_a_clock_that_was_fast_is_sent_all_the_same(
    telling: Context, hook: Receiver
) -> None:
    await notifications.add_webhook(telling, hook.url, "en")
    await ended(telling, await source_of(telling), RunStatus.ERROR, alarm=True)
    async with telling.pool.connection() as connection:
        await connection.execute("UPDATE notifications SET next_attempt_at = next_attempt_at + interval '1 year'")
    await telling.courier.deliver_due()
    assert len(hook.calls) == 1


async def test_a_test_message_says_at_once_what_became_of_it(telling: Context, box: Mailbox, hook: Receiver) -> None:
    mail = await notifications.add_email(telling, "zoe@example.com", "en")
    web = await notifications.add_webhook(telling, hook.url, "en")
    for channel in (mail, web.channel):
        found = await notifications.send_test(telling, channel.id)
        assert found is not None
        assert found.last_event == "test"
        assert found.last_delivered_at is not None
    box.refusing = "550 nobody here"
    found = await notifications.send_test(telling, mail.id)
    assert found is not None
    assert found.last_delivered_at is None
    assert "SMTPRecipientsRefused" in str(found.last_error)


async def test_two_workers_deliver_each_message_once(telling: Context, hook: Receiver) -> None:
    import asyncio

    await notifications.add_webhook(telling, hook.url, "en")
    source = await source_of(telling)
    for _ in range(10):
        await ended(telling, source, RunStatus.ERROR, alarm=True)
    await asyncio.gather(*(telling.courier.deliver_due() for _ in range(3)))
    assert len(hook.calls) == len({json.loads(body)["id"] for _, body in hook.calls}) == 10


@pytest.mark.parametrize(
    "address", ["", "example.com", "ftp://example.com", "https://", "https://user:secret@example.com", "https://a b",
                "https://example.com:0", "https://example.com:99999", "javascript:alert(1)", "https://x\n.com"]
)  # fmt: skip
async def test_addresses_that_no_webhook_may_have(telling: Context, address: str) -> None:
    with pytest.raises(UsageError) as raised:
        await notifications.add_webhook(telling, address, "en")
    assert raised.value.code == "WEBHOOK_MALFORMED"


async def test_without_a_mail_server_no_address_is_taken(context: Context) -> None:
    with pytest.raises(UsageError) as raised:
        await notifications.add_email(context, "zoe@example.com", "en")
    assert raised.value.code == "MAIL_NOT_SET_UP"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]"])
async def test_a_webhook_reaches_nothing_of_our_own_network(hook: Receiver, host: str) -> None:
    port = hook.url.rpartition(":")[2]
    with pytest.raises(WebhookFailed):
        await webhook.post(f"http://{host}:{port}/", b"{}", {}, private=False)
    assert hook.calls == []


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("2606:4700::1111", True), ("10.0.0.1", False), ("172.20.1.1", False), ("192.168.1.1", False),
     ("169.254.169.254", False), ("100.64.0.1", False), ("::1", False), ("fe80::1%eth0", False), ("fd00::1", False),
     ("::ffff:10.0.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("2002:7f00:1::", False)],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert webhook.is_public(address) is public


@pytest.mark.parametrize("sender", ["live@[", '"', "live@example.com\nlive@example.org"])
async def test_a_sender_that_is_no_address_is_told_and_costs_no_worker(telling: Context, sender: str) -> None:
    mail = MailSettings(host="127.0.0.1", port=1, security="none", sender=sender)
    courier = Courier(telling.pool, telling.clock, telling.vault, CourierSettings(mail=mail))
    context = msgspec.structs.replace(telling, courier=courier)
    channel = await notifications.add_email(context, "ops@example.com", "en")
    tested = await notifications.send_test(context, channel.id)
    assert tested is not None
    assert tested.last_error == "an address is malformed"
