"""Who works on a portal: one run at a time, whatever source it is for.

A claim shares out the work; it protects nothing. What protects the data is the lease in the source's own schema, whose
epoch every load checks. The clock is PostgreSQL's.
"""

from datetime import timedelta

import msgspec

from ontologie.database import queries
from ontologie.database.pool import Connection


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A portal that is ours while we renew this."""

    portal_key: str
    run_id: int
    owner: str


async def take(connection: Connection, source_id: int, run_id: int, *, owner: str, ttl: timedelta) -> Claim | None:
    """The source's portal for this run; None while any run has it, the same one in another task included."""
    row = await queries.fetch_one(
        connection, "claims", "claim", source_id=source_id, run_id=run_id, owner=owner, ttl=ttl
    )
    return None if row is None else Claim(portal_key=row["portal_key"], run_id=run_id, owner=owner)


async def renew(connection: Connection, claim: Claim, *, ttl: timedelta) -> bool:
    """Keep it; False when it was taken meanwhile."""
    return await queries.execute(connection, "claims", "renew", **msgspec.structs.asdict(claim), ttl=ttl) > 0


async def release(connection: Connection, claim: Claim) -> None:
    """Let others have the portal at once."""
    await queries.execute(connection, "claims", "release", **msgspec.structs.asdict(claim))
