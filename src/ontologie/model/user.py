"""Who acts, and what that allows."""

import enum

import msgspec


class Role(enum.StrEnum):
    """What someone may do, from most to least; each role may do what the next one may.

    A viewer reads. An editor also syncs, pauses, and changes streams and saved views. An admin also adds and removes
    sources, users and API keys. An owner may do everything, to other owners too.
    """

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"

    def allows(self, needed: "Role") -> bool:
        """Whether this role may do what ``needed`` may."""
        order = list(Role)
        return order.index(self) <= order.index(needed)


class User(msgspec.Struct, frozen=True, kw_only=True):
    """Someone who acts: a person, an API key on its own behalf, or the system."""

    id: int
    name: str
    role: Role
    email: str | None = None


SYSTEM = User(id=0, name="system", role=Role.OWNER)
"""The commands and the worker: whoever has the machine has every right."""


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """Where a request comes from."""

    device: str = ""
    """What the browser calls itself."""
    address: str = ""
