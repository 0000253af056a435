"""A request as an endpoint sees it, and its reply."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from hubspot_simulator.errors import invalid, invalid_json

_TRUE_FALSE = {"true": True, "false": False}


class Grant(msgspec.Struct, kw_only=True):
    """What a bearer token may do, and for whom; ``client_id`` is empty for a private token.

    ``public``: an OAuth app of public distribution, with its own limit and no daily one.
    """

    app: str
    scopes: set[str]
    app_id: int = 3_000_001
    user_id: int = 9_000_001
    expires_ms: int | None = None
    client_id: str = ""
    public: bool = False


Sent = str | int | float | bool | None
"""A value as clients send it; HubSpot reads numbers and booleans where it wants text."""


def as_text(value: Sent) -> str | None:
    """The text that a sent value stands for."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None else str(value)


class Input(msgspec.Struct):
    """An entry of a batch: a record's id, which some clients send as a number, and the ``after`` of its page."""

    given: str | int = msgspec.field(name="id")
    after: str | int | None = None

    @property
    def id(self) -> str:
        """The id as text."""
        return str(self.given)


class Reply(msgspec.Struct, frozen=True):
    """A status and a body that is already JSON."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = {}


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request: path parameters, query (each name with all its values), body, and who asks."""

    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: bytes = b""
    grant: Grant
    base_url: str = ""

    def text(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        values = self.query.get(name)
        return values[-1] if values else default

    def names(self, name: str) -> tuple[str, ...]:
        """A parameter given as a comma-separated list, repeated, or both; without repetitions."""
        values = [part.strip() for value in self.query.get(name, ()) for part in value.split(",")]
        return tuple(dict.fromkeys(part for part in values if part))

    def flag(self, name: str) -> bool:
        """A true/false parameter, false when absent; 400 for anything else."""
        value = self.text(name, "false").lower()
        if value not in _TRUE_FALSE:
            raise invalid(f"{name} must be true or false, not '{value}'")
        return _TRUE_FALSE[value]

    def limit(self, default: int, most: int) -> int:
        """The ``limit`` parameter; 400 outside 1..most."""
        value = self.text("limit", str(default))
        if not value.isascii() or not value.isdigit() or not 1 <= int(value[:12]) <= most:
            raise invalid(f"limit must be between 1 and {most}, but was {value[:40]}")
        return int(value)

    def json(self, kind: Any) -> Any:
        """The body as a struct; 400 when it is not."""
        try:
            return msgspec.json.decode(self.body or b"{}", type=kind, strict=False)
        except (msgspec.DecodeError, msgspec.ValidationError, RecursionError, UnicodeDecodeError) as error:
            raise invalid_json(str(error)) from error

    def form(self) -> dict[str, str]:
        """The body as a form, the last value of each field; what is not one has no fields."""
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))


def ok(value: Any, status: int = 200) -> Reply:
    """A reply whose body is ``value`` as JSON."""
    return Reply(status, msgspec.json.encode(value))
