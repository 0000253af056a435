"""Making the store equal in what no modified date tells: candidates for deletion, and counts that differ."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from ontologie.clock import Clock
from ontologie.connectors.contract import Session
from ontologie.database.pool import Connection, Pool
from ontologie.errors import StreamStopped
from ontologie.model.conformed import Conformed
from ontologie.model.record import Record
from ontologie.model.run import Run
from ontologie.model.schema import ObjectSchema
from ontologie.model.source import Source
from ontologie.model.stream import AssociationPair
from ontologie.store import deletion, erasure, read, rhythms, sweep
from ontologie.store.target import LoadTarget
from ontologie.sync.progress import RunProgress
from ontologie.sync.upkeep import Upkeep

SETTLE_RECORDS = 500
"""At most so many requests are lost when settling is cut off: each may have to be asked about by itself."""
_REPAIR_TOTALS = 6
"""A drift is repaired at most every so many readings of the totals: a busy portal's counts never stand still."""

Conform = Callable[[Sequence[Record], ObjectSchema], Awaitable[Conformed]]
log = structlog.get_logger(__name__)


class Reconciler:
    """Settles what one source's segments have left open."""

    def __init__(
        self, pool: Pool, clock: Clock, session: Session, progress: RunProgress, *, source: Source, run: Run
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._session = session
        self._progress = progress
        self._source = source
        self._run = run

    async def settle_absent(
        self,
        target: LoadTarget,
        pairs: Sequence[AssociationPair],
        conform: Conform,
        upkeep: Upkeep,
    ) -> None:
        """Mark what has disappeared, each id confirmed first; hold it when it is too much to be true."""
        object_type = target.schema.object_type
        async with self._pool.connection() as connection:
            absent = await sweep.absent_count(connection, target.schema_name, object_type)
            if not absent:
                return
            await self._hold(connection, target, absent, upkeep)
        while ids := await self._absent_ids(target):
            fates, link_sets = await self._session.resolve(ids, target.schema, pairs)
            known = (*fates.live, *fates.archived)
            conformed = await conform(known, target.schema)
            settlement = sweep.Settlement(ids=tuple(ids), fates=fates, link_sets=link_sets, conformed=conformed)
            async with self._pool.connection() as connection:
                counts = await sweep.settle(connection, target, settlement)
                if upkeep.erase_engagements and object_type == "contacts":
                    await erasure.erase_engagements(connection, target, fates.gone)
            await self._progress.loaded(object_type, read=len(known), counts=counts, backfill=False)

    async def _absent_ids(self, target: LoadTarget) -> list[int]:
        async with self._pool.connection() as connection:
            return await sweep.absent_ids(
                connection, target.schema_name, target.schema.object_type, limit=SETTLE_RECORDS
            )

    async def _hold(self, connection: Connection, target: LoadTarget, deleted: int, upkeep: Upkeep) -> None:
        """Raise StreamStopped (MASS_DELETION_HELD) when so many deletions are too much to be true unconfirmed."""
        object_type = target.schema.object_type
        if self._run.options.confirm_deletions:
            return
        live = await read.live_count(connection, target.schema_name, object_type)
        if upkeep.is_mass_deletion(deleted, live):
            raise StreamStopped(
                f"{deleted} of {live} {object_type} disappeared",
                code="MASS_DELETION_HELD",
                count=deleted,
                object_type=object_type,
                source=self._source.name,
            )

    async def after_check(self, target: LoadTarget, upkeep: Upkeep, *, began: datetime) -> None:
        """Count both sides after a full check that began then, and erase what was deleted long ago; all of what was
        deleted under hard delete."""
        ours, theirs = await self._count(target)
        self._progress.compared(target.schema.object_type, ours=ours, theirs=theirs)
        cutoff = self._clock.now() - upkeep.erase_archived_after
        async with self._pool.connection() as connection:
            await erasure.erase_archived(connection, target, archived_before=cutoff)
            await erasure.forget_nameless(connection, target, unseen_since=began)
            if target.hard_delete:
                await deletion.remove_every_marked(connection, target)

    async def drifted(self, target: LoadTarget, upkeep: Upkeep) -> bool:
        """Whether our count has come apart from the account's, so that a full check must repair it.

        Looked at on its rhythm. A first difference may be what search shows late, or a deletion on its way: only when
        the next run finds one again it is a drift.
        """
        name, object_type = target.schema_name, target.schema.object_type
        now = self._clock.now()
        async with self._pool.connection() as connection:
            counted = await rhythms.last(connection, name, f"totals:{object_type}")
            doubted = await rhythms.last(connection, name, f"doubted:{object_type}")
        if counted is not None and now - counted < upkeep.totals and (doubted is None or doubted <= counted):
            return False
        ours, theirs = await self._count(target)
        if ours != theirs:
            log.info("counts_differ", object_type=object_type, ours=ours, theirs=theirs)
        async with self._pool.connection() as connection:
            if ours == theirs:
                await rhythms.mark(connection, name, f"totals:{object_type}", now)
                return False
            if doubted is None or (counted is not None and doubted <= counted):
                await rhythms.mark(connection, name, f"doubted:{object_type}", now)
                return False
            await rhythms.mark(connection, name, f"totals:{object_type}", now)
            repaired = await rhythms.last(connection, name, f"repaired:{object_type}")
            if repaired is not None and now - repaired < upkeep.totals * _REPAIR_TOTALS:
                return False
            await rhythms.mark(connection, name, f"repaired:{object_type}", now)
        log.warning("drift_repaired", object_type=object_type, ours=ours, theirs=theirs)
        return True

    async def _count(self, target: LoadTarget) -> tuple[int, int]:
        """Live records here and there."""
        theirs = await self._session.count(target.schema.object_type)
        async with self._pool.connection() as connection:
            ours = await read.live_count(connection, target.schema_name, target.schema.object_type)
        return ours, theirs
