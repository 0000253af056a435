"""Who is told when a source needs somebody: by e-mail or by webhook."""

from urllib.parse import urlsplit

import msgspec

from ontologie.database import notifications
from ontologie.errors import UsageError
from ontologie.model.diagnosis import Language
from ontologie.model.notification import Channel, ChannelKind, Event, Message
from ontologie.model.user import Role
from ontologie.services.context import Context
from ontologie.services.people import check_email

_LONGEST_ADDRESS = 2_000


class NewWebhook(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook with what its receiver checks signatures with."""

    channel: Channel
    secret: str

    def __repr__(self) -> str:
        return f"NewWebhook({self.channel.id})"


async def every(context: Context) -> list[Channel]:
    """All channels, with what became of the latest message of each."""
    context.require(Role.ADMIN)
    async with context.pool.connection() as connection:
        return await notifications.channels(connection)


async def add_email(context: Context, address: str, language: Language) -> Channel:
    """Tell this address from now on. Raises UsageError: EMAIL_MALFORMED, MAIL_NOT_SET_UP."""
    context.require(Role.ADMIN)
    if not context.courier.has_mail:
        raise UsageError("no server", code="MAIL_NOT_SET_UP")
    return await _add(context, ChannelKind.EMAIL, check_email(address), language)


async def add_webhook(context: Context, address: str, language: Language) -> NewWebhook:
    """Tell this web address from now on. Raises UsageError (WEBHOOK_MALFORMED)."""
    context.require(Role.ADMIN)
    found = await _add(context, ChannelKind.WEBHOOK, _checked(context, address.strip()), language)
    return NewWebhook(channel=found, secret=context.courier.secret(found.id))


async def remove(context: Context, channel_id: int) -> None:
    """Tell it no more."""
    context.require(Role.ADMIN)
    async with context.pool.connection() as connection:
        await notifications.remove_channel(connection, channel_id)


async def send_test(context: Context, channel_id: int) -> Channel | None:
    """Send a test message now; the channel with what became of it, None where there is no such channel."""
    context.require(Role.ADMIN)
    now = context.clock.now()
    message = Message(event=Event.TEST, at=now)
    async with context.pool.connection() as connection:
        ids = await notifications.enqueue(connection, message, channel_id=channel_id, now=now)
    for message_id in ids:
        await context.courier.deliver(message_id)
    return next((channel for channel in await every(context) if channel.id == channel_id), None)


async def _add(context: Context, kind: ChannelKind, target: str, language: Language) -> Channel:
    async with context.pool.connection() as connection:
        return await notifications.add_channel(connection, kind, target, language, context.clock.now())


def _checked(context: Context, address: str) -> str:
    """An https address without credentials; http too where the operator lets webhooks into their own network."""
    schemes = ("https", "http") if context.courier.private_webhooks else ("https",)
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if (
        not named
        or parts.scheme not in schemes
        or parts.username is not None
        or len(address) > _LONGEST_ADDRESS
        or not address.isprintable()
        or " " in address
    ):
        raise UsageError("malformed address", code="WEBHOOK_MALFORMED", schemes=" / ".join(schemes))
    return address
