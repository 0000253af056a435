"""Holding a source while we work on it."""

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

from ontologie import tasks
from ontologie.clock import Clock
from ontologie.database.pool import Pool
from ontologie.errors import LeaseLost, RetryLater, StoreUnreachable
from ontologie.store import lease


@contextlib.asynccontextmanager
async def held(pool: Pool, clock: Clock, *, schema_name: str, owner: str, ttl: timedelta) -> AsyncIterator[int]:
    """The epoch under which we may load. Raises LeaseLost when another owner works on the source.

    The lease is renewed in the background; when that fails, nothing more can be committed: every load checks the
    epoch under a row lock, so it is enough to let the work run into that check.
    """
    async with pool.connection() as connection:
        epoch = await lease.acquire(connection, schema_name, owner=owner, ttl=ttl)
    if epoch is None:
        raise LeaseLost(f"{schema_name} is held by another worker")
    try:
        async with tasks.beside(_renew(pool, clock, schema_name, epoch, ttl)):
            yield epoch
    finally:
        with contextlib.suppress(StoreUnreachable):  # then it runs out by itself
            async with pool.connection() as connection:
                await lease.release(connection, schema_name, epoch=epoch)


async def _renew(pool: Pool, clock: Clock, schema_name: str, epoch: int, ttl: timedelta) -> None:
    while True:
        await clock.sleep(ttl / 3)
        with contextlib.suppress(RetryLater):  # it may be back before the lease runs out
            async with pool.connection() as connection:
                if not await lease.renew(connection, schema_name, epoch=epoch, ttl=ttl):
                    return
