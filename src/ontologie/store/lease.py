"""Who may load into a source's schema: one owner at a time, by an epoch that every load checks.

The clock is PostgreSQL's, so that machines whose clocks differ agree.
"""

from datetime import timedelta

from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.errors import LeaseLost


async def acquire(connection: Connection, schema_name: str, *, owner: str, ttl: timedelta) -> int | None:
    """A new epoch, which ends every earlier one; None while another owner's lease lives.

    No lease is as long as an hour (the settings see to that): one that ends later was taken by a clock that was fast.
    """
    return await _epoch(
        connection,
        "UPDATE {} SET owner = %(owner)s, epoch = epoch + 1, expires_at = now() + %(ttl)s"
        " WHERE expires_at NOT BETWEEN now() AND now() + interval '1 hour' OR owner = %(owner)s RETURNING epoch",
        schema_name,
        owner=owner,
        ttl=ttl,
    )


async def renew(connection: Connection, schema_name: str, *, epoch: int, ttl: timedelta) -> bool:
    """Live on; False when a later epoch has begun."""
    renewed = await _epoch(
        connection,
        "UPDATE {} SET expires_at = now() + %(ttl)s WHERE epoch = %(epoch)s RETURNING epoch",
        schema_name,
        epoch=epoch,
        ttl=ttl,
    )
    return renewed is not None


async def release(connection: Connection, schema_name: str, *, epoch: int) -> None:
    """Let others in at once. Nothing happens when a later epoch has begun."""
    await _epoch(
        connection,
        "UPDATE {} SET owner = NULL, expires_at = '-infinity' WHERE epoch = %(epoch)s RETURNING epoch",
        schema_name,
        epoch=epoch,
    )


async def check(connection: Connection, schema_name: str, epoch: int) -> None:
    """Within a load's transaction: nobody takes the source over before it commits. Raises LeaseLost."""
    found = await _epoch(connection, "SELECT epoch FROM {} WHERE epoch = %(epoch)s FOR SHARE", schema_name, epoch=epoch)
    if found is None:
        raise LeaseLost(f"epoch {epoch} of {schema_name} is over")


async def _epoch(connection: Connection, statement: str, schema_name: str, **values: object) -> int | None:
    table = sql.Identifier(schema_name, "_lease")
    with translated():
        cursor = await connection.execute(sql.SQL(statement).format(table), values)
        row = await cursor.fetchone()
    return None if row is None else int(row["epoch"])
