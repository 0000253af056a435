"""What every service needs, built once by ``wiring``."""

from collections.abc import Mapping

import msgspec

from ontologie.clock import Clock
from ontologie.connectors.contract import Connector, SessionTerms
from ontologie.database.pool import Pool
from ontologie.database.vault import Vault
from ontologie.jobs.execution import Execution
from ontologie.jobs.queue import Queue


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The running system, as the services see it."""

    pool: Pool
    clock: Clock
    vault: Vault
    connectors: Mapping[str, Connector]
    execution: Execution
    queue: Queue
    terms: SessionTerms
    database_url: str
    """The owner's. Never shown unless asked for."""
    api_hosts: tuple[str, ...]
    """Hosts that a source's API address may name."""
    simulator_url: str | None = None
    """The simulated portal of this installation, where one runs."""
