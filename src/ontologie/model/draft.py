"""A source being connected: what the wizard knows so far."""

from datetime import datetime
from typing import Literal

import msgspec

from ontologie.model.discovery import Discovery


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What the user has chosen so far; checked when the draft is finished."""

    name: str = ""
    api_url: str
    streams: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    """``object_type.property`` each."""
    sensitive: bool = False
    hard_delete: bool = False
    frequency: str = "1h"
    entities: dict[str, tuple[str, ...]] = {}
    """The names of the entities that each stream is to feed."""
    step: int = 1
    """Of the wizard: where to go on."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One wizard, kept so that leaving and coming back goes on. Its credentials are kept sealed, apart."""

    id: int
    connector: str
    source_id: int | None
    """The source that is being reconnected; None: a new one."""
    choices: Choices
    via: Literal["token", "oauth"] | None
    """How it is connected; None: not yet."""
    has_client: bool
    """An OAuth app of the user's own was given."""
    discovery: Discovery | None
    """What the last test found; None: not tested since the credentials were given."""
    created_at: datetime
    updated_at: datetime
