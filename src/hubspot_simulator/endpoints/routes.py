"""What a route is, and the paths that dated and legacy versions share."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from hubspot_simulator.call import Call, Reply

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

Handler = Callable[["Portal", Call], Reply]
Scopes = tuple[tuple[str, ...], ...]
DATED = r"{version:2025-09|2026-03|2026-09}"


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One endpoint at one path.

    ``family`` names it in the statistics, ``bucket`` the limit that it counts against (burst, search,
    associations or none). ``types``: path parameters that are object types whose scopes are needed.
    """

    method: str
    path: str
    handler: Handler
    family: str
    bucket: str = "burst"
    types: tuple[str, ...] = ()
    scopes: Scopes = ()
    any_type_scope: bool = False
    open: bool = False


def crm(family: str, rest: str = "") -> tuple[str, ...]:
    """The dated and the legacy path of a CRM resource: ``/crm/objects/2026-09/x`` and ``/crm/v3/objects/x``."""
    return (f"/crm/{family}/{DATED}{rest}", f"/crm/{{version:v3}}/{family}{rest}")
