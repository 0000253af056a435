"""What the client must be told about the API it speaks to."""

import enum
from datetime import timedelta
from typing import Protocol

import msgspec

from ontologie.errors import OntologieError
from ontologie.httpclient.request import Request, Response


class Treatment(enum.Enum):
    """What the client does with a refusal."""

    RAISE = "raise"
    BACK_OFF = "back off"
    """Passing trouble: repeat with growing waits, then raise."""
    SLOW_DOWN = "slow down"
    """A rate limit: shrink the budgets, wait, repeat."""
    RENEW_TOKEN = "renew token"
    """Ask for a new token and repeat once, else raise."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer outside 200-299 means."""

    error: OntologieError
    treatment: Treatment = Treatment.RAISE
    wait_at_least: timedelta | None = None
    budgets: tuple[str, ...] = ()
    """The budgets that were exceeded (for SLOW_DOWN)."""


class Vendor(Protocol):
    """The peculiarities of one API."""

    def before(self, request: Request) -> None:
        """Called before each send; raises to stop it (a quota that must not be used up)."""
        ...

    def observe(self, request: Request, response: Response) -> None:
        """Called with every answer, to learn from its headers."""
        ...

    def judge(self, request: Request, response: Response) -> Refusal:
        """What an answer outside 200-299 means."""
        ...
