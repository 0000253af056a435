"""Telling people what became of their sources: written down with the run's end, delivered afterwards, tried again."""

import hashlib
import hmac
from datetime import datetime, timedelta

import msgspec
import structlog

from ontologie.clock import Clock
from ontologie.database import notifications, sources
from ontologie.database.pool import Connection, Pool
from ontologie.database.vault import Vault
from ontologie.errors import OntologieError
from ontologie.httpclient import webhook
from ontologie.jobs import mail
from ontologie.jobs.ending import RunEnded
from ontologie.jobs.letters import subject, text
from ontologie.jobs.mail import MailSettings
from ontologie.model.diagnosis import explain
from ontologie.model.notification import ChannelKind, Delivery, Event, Message
from ontologie.model.object_types import label_of, named
from ontologie.model.run import RunStatus

_PATIENCE = timedelta(minutes=1)
"""A delivery whose worker died is tried again after this."""
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
_KEPT = timedelta(days=30)

log = structlog.get_logger(__name__)


class CourierSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator may set about messages."""

    mail: MailSettings = MailSettings()
    private_webhooks: bool = False
    """Webhooks may lead into the operator's own network."""
    public_url: str = ""
    """Where the pages are, for links."""
    failures_before_alarm: int = 3


class Courier:
    """Writes messages down and delivers them."""

    def __init__(self, pool: Pool, clock: Clock, vault: Vault, settings: CourierSettings) -> None:
        self._pool = pool
        self._clock = clock
        self._vault = vault
        self._settings = settings

    @property
    def has_mail(self) -> bool:
        """The operator has set up a server for e-mail."""
        return bool(self._settings.mail.host)

    @property
    def private_webhooks(self) -> bool:
        return self._settings.private_webhooks

    async def run_ended(self, connection: Connection, told: RunEnded) -> None:
        """Write down what is to be told of a run's end, in the transaction that ends it."""
        event = self._event(told)
        if event is None:
            return
        account = told.source.account
        code = None if event is Event.RECOVERED else told.run.diagnosis_code
        streams, since = await _concerned(connection, told) if code else ((), None)
        message = Message(
            event=event,
            at=told.run.ended_at or self._clock.now(),
            source=told.source.name,
            account_id=account.portal_id if account else None,
            run_id=told.run.id,
            code=code,
            params=named(told.run.diagnosis_params, told.source.called) if code else {},
            streams=streams,
            since=since,
        )
        await notifications.enqueue(connection, message, now=self._clock.now())

    def _event(self, told: RunEnded) -> Event | None:
        status = told.run.status
        if told.alarm:
            return Event.ACTION_REQUIRED if status is RunStatus.ACTION_REQUIRED else Event.ERROR
        was_told = (
            told.before is RunStatus.ACTION_REQUIRED
            or told.source.failures >= self._settings.failures_before_alarm
        )
        if status in (RunStatus.SYNCED, RunStatus.PARTIAL) and was_told:
            return Event.RECOVERED
        return None

    def secret(self, channel_id: int) -> str:
        """What signs the messages of a webhook. Made from the installation's key, so it is stored nowhere."""
        return self._vault.derive(f"webhook:{channel_id}")

    async def deliver_due(self) -> None:
        """Send everything that is due."""
        while await self.deliver():
            pass
        async with self._pool.connection() as connection:
            await notifications.forget(connection, self._clock.now() - _KEPT)

    async def deliver(self, message_id: int | None = None) -> bool:
        """Send one message that is due, or this one; False when there is none."""
        now = self._clock.now()
        async with self._pool.connection() as connection:
            found = await notifications.take(
                connection, now=now, patience=_PATIENCE, longest=_WAITS[-1], message_id=message_id
            )
        if found is None:
            return False
        try:
            await self._send(found)
        except OntologieError as error:
            await self._failed(found, error)
            return True
        async with self._pool.connection() as connection:
            await notifications.delivered(connection, found.id, self._clock.now())
        told = {"run_id": found.message.run_id, "source": found.message.source}
        log.info("notification_delivered", notification=found.id, attempts=found.attempts, **told)
        return True

    async def _failed(self, found: Delivery, error: OntologieError) -> None:
        final = found.attempts > len(_WAITS) or found.message.event is Event.TEST
        again_at = None if final else self._clock.now() + _WAITS[found.attempts - 1]
        reason = str(error.params.get("reason") or error.code)
        async with self._pool.connection() as connection:
            await notifications.failed(connection, found.id, reason, again_at=again_at)
        told = {"run_id": found.message.run_id, "source": found.message.source, "attempts": found.attempts}
        log.warning("notification_failed", notification=found.id, reason=reason, final=final, **told)

    async def _send(self, found: Delivery) -> None:
        if found.channel.kind is ChannelKind.EMAIL:
            language = found.channel.language
            await mail.send(
                self._settings.mail,
                to=found.channel.target,
                subject=subject(found.message, language),
                text=text(found.message, language, self._settings.public_url),
            )
            return
        body = _body(found)
        moment = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Ontologie-Live-Data",
            "Ontologie-Timestamp": moment,
            "Ontologie-Signature": "v1=" + signature(self.secret(found.channel.id), moment, body),
        }
        await webhook.post(found.channel.target, body, headers, private=self._settings.private_webhooks)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA-256, in hexadecimal, of the timestamp, a full stop and the body."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


async def _concerned(connection: Connection, told: RunEnded) -> tuple[tuple[str, ...], datetime | None]:
    """What the trouble keeps from being fresh, and since when; all of the source where it is of no stream alone."""
    every = (await sources.object_states(connection)).values()
    ours = [state for state in every if state.source_id == told.source.id]
    ill = [state for state in ours if state.diagnosis_code == told.run.diagnosis_code] or ours
    names = [label_of(state.object_type, told.source.called) for state in ill] or [
        label_of(name, told.source.called) for name in told.source.streams
    ]
    return tuple(sorted(names)), min((state.last_synced_at for state in ill if state.last_synced_at), default=None)


def _body(found: Delivery) -> bytes:
    message = found.message
    diagnosis = None
    if message.code is not None:
        said = explain(message.code, message.params, found.channel.language)
        diagnosis = {"code": message.code, "problem": said.problem, "remedy": said.remedy}
    return msgspec.json.encode(
        {
            "id": str(found.id),
            "event": message.event,
            "at": message.at,
            "source": message.source or None,
            "account_id": None if message.account_id is None else str(message.account_id),
            "run_id": None if message.run_id is None else str(message.run_id),
            "diagnosis": diagnosis,
            "streams": message.streams,
            "since": message.since,
        }
    )
