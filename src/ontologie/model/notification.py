"""What somebody is told when a source needs them, and how they are reached."""

import enum
from datetime import datetime

import msgspec

from ontologie.model.diagnosis import Language


class ChannelKind(enum.StrEnum):
    """How a message travels."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class Event(enum.StrEnum):
    """What has happened."""

    ACTION_REQUIRED = "action_required"
    ERROR = "error"
    """So many runs in a row have failed."""
    RECOVERED = "recovered"
    TEST = "test"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What is told. ``code`` and ``params`` are a diagnosis; the words are found when it is sent."""

    event: Event
    at: datetime
    source: str = ""
    account_id: int | None = None
    run_id: int | None = None
    code: str | None = None
    params: dict[str, str | int] = {}
    streams: tuple[str, ...] = ()
    """The kinds of record that the trouble keeps from being fresh, as people call them."""
    since: datetime | None = None
    """Nothing newer has come since; None: nothing has come yet."""


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """Where messages go. ``target``: an e-mail address, or a web address. ``last_*``: of the latest message."""

    id: int
    kind: ChannelKind
    target: str
    language: Language
    created_at: datetime
    last_event: str | None = None
    last_delivered_at: datetime | None = None
    last_error: str | None = None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A message on its way."""

    id: int
    channel: Channel
    message: Message
    attempts: int
    """This one included."""
