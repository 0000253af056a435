"""Sealing everything again with another key, while sources may be running."""

from ontologie.database import queries
from ontologie.database.pool import Connection
from ontologie.database.vault import Vault

_LOCK = 0x7365616C  # "seal"
_SEALED = (
    # statement name, column; how the owner of a row is called in the seal
    ("credentials", lambda row_id: row_id),
    ("drafts", lambda row_id: f"draft {row_id}"),
    ("clients", lambda row_id: f"client of draft {row_id}"),
)


async def share(connection: Connection) -> None:
    """Seal nothing while everything is sealed again: taken before a secret is sealed, until the transaction ends."""
    await queries.execute(connection, "rotation", "share", lock=_LOCK)


async def seal_again(connection: Connection, old: Vault, new: Vault) -> int:
    """Open everything with ``old`` and seal it with ``new``; how many secrets. Within the caller's transaction.

    Trips to a consent page that are under way are forgotten: they last ten minutes. Raises OperatorError
    (SECRET_KEY_WRONG) where something does not open; then nothing is changed.
    """
    await queries.execute(connection, "rotation", "alone", lock=_LOCK)
    await queries.execute(connection, "rotation", "forget_authorizations")
    count = 0
    for name, owner in _SEALED:
        for row in await queries.fetch_all(connection, "rotation", f"all_{name}"):
            secret = old.open(owner(row["id"]), bytes(row["sealed"]))
            sealed = new.seal(owner(row["id"]), secret)
            count += await queries.execute(connection, "rotation", f"save_{name}", id=row["id"], sealed=sealed)
    return count
