"""What every service needs, built once by ``wiring``, and who acts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

import msgspec

from ontologie.clock import Clock
from ontologie.connectors.contract import Connector, SessionTerms
from ontologie.database.pool import Pool
from ontologie.database.vault import Vault
from ontologie.errors import PermissionMissing
from ontologie.jobs.courier import Courier
from ontologie.jobs.execution import Execution
from ontologie.jobs.housekeeping import Housekeeping
from ontologie.jobs.queue import Queue
from ontologie.model.credentials import OAuthClient
from ontologie.model.user import SYSTEM, Role, User


class SimulatedPortal(msgspec.Struct, frozen=True, kw_only=True):
    """The simulated portal of this installation, and what opens it: no secret, it opens nothing else."""

    url: str
    token: str
    client: OAuthClient


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The running system, as the services see it."""

    pool: Pool
    reader: Pool
    """Connections of the role that only reads the sources' schemas: what people look at comes through these."""
    clock: Clock
    vault: Vault
    connectors: Mapping[str, Connector]
    execution: Execution
    housekeeping: Housekeeping
    queue: Queue
    courier: Courier
    terms: SessionTerms
    database_url: str
    """The owner's. Never shown unless asked for."""
    api_hosts: tuple[str, ...]
    """Hosts that a source's API address may name."""
    failures_before_alarm: int = 3
    """Runs of a source in a row that may fail before anybody is troubled."""
    simulator: SimulatedPortal | None = None
    """Where one runs."""
    home: Path | None = None
    """The data folder, where PostgreSQL keeps its files beside it; None where that is elsewhere."""
    public_url: str | None = None
    """The address users see, where the operator has set one."""
    actor: User = SYSTEM
    """On whose behalf the services work: pages and the API say so with :meth:`acting_as`."""

    def acting_as(self, user: User) -> Self:
        """The same system, with the rights of ``user``."""
        return msgspec.structs.replace(self, actor=user)

    def require(self, role: Role) -> None:
        """Let through who has at least this role. Raises PermissionMissing otherwise."""
        if not self.actor.role.allows(role):
            raise PermissionMissing(self.actor.name, role=self.actor.role.value, needed=role.value)
