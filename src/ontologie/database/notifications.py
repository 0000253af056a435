"""The tables of who is told, and of what they were told."""

from datetime import datetime, timedelta

import msgspec

from ontologie.database import queries
from ontologie.database.pool import Connection
from ontologie.model.diagnosis import Language
from ontologie.model.notification import Channel, ChannelKind, Delivery, Message


async def channels(connection: Connection) -> list[Channel]:
    """All of them, with what became of the latest message of each."""
    return msgspec.convert(await queries.fetch_all(connection, "notifications", "channels"), list[Channel])


async def add_channel(
    connection: Connection, kind: ChannelKind, target: str, language: Language, now: datetime
) -> Channel:
    """A new channel; one with the same target takes the language."""
    row = await queries.fetch_one(
        connection, "notifications", "add_channel", kind=kind.value, target=target, language=language, now=now
    )
    return msgspec.convert(row, Channel)


async def remove_channel(connection: Connection, channel_id: int) -> None:
    """Forget a channel and its messages."""
    await queries.execute(connection, "notifications", "remove_channel", id=channel_id)


async def enqueue(
    connection: Connection, message: Message, *, channel_id: int | None = None, now: datetime
) -> list[int]:
    """Keep a message for one channel, or for all; the ids of what is to be sent."""
    rows = await queries.fetch_all(
        connection,
        "notifications",
        "enqueue",
        message=queries.as_json(message),
        channel_id=channel_id,
        now=now,
    )
    return [int(row["id"]) for row in rows]


async def take(
    connection: Connection, *, now: datetime, patience: timedelta, longest: timedelta, message_id: int | None = None
) -> Delivery | None:
    """A message that is due, counted as tried; nobody else gets it before ``patience`` is over.

    One that would wait more than the ``longest`` of waits was written by a clock that was fast: it is due.
    """
    row = await queries.fetch_one(
        connection,
        "notifications",
        "take",
        now=now,
        again_at=now + patience,
        never_after=now + longest,
        id=message_id,
    )
    if row is None:
        return None
    channel = msgspec.convert({**row, "id": row["channel_id"]}, Channel)
    message = msgspec.convert(row["message"], Message)
    return Delivery(id=row["id"], channel=channel, message=message, attempts=row["attempts"])


async def delivered(connection: Connection, message_id: int, now: datetime) -> None:
    await queries.execute(connection, "notifications", "delivered", id=message_id, now=now)


async def failed(connection: Connection, message_id: int, error: str, *, again_at: datetime | None) -> None:
    """Note why it did not arrive; ``again_at`` None: it is given up."""
    await queries.execute(connection, "notifications", "failed", id=message_id, error=error, again_at=again_at)


async def forget(connection: Connection, before: datetime) -> None:
    """Delete old messages that were delivered or given up."""
    await queries.execute(connection, "notifications", "forget", before=before)
