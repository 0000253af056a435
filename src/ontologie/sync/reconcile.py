"""Making the store equal in what no modified date tells: candidates for deletion, and counts that differ."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime

from ontologie import tasks
from ontologie.database.pool import Connection
from ontologie.errors import StreamStopped
from ontologie.model.conformed import Conformed
from ontologie.model.record import Record
from ontologie.model.run import CountsMean
from ontologie.model.schema import ObjectSchema
from ontologie.model.stream import AssociationPair
from ontologie.store import aside, deletion, erasure, links, read, rhythms, sweep
from ontologie.store.rhythms import Reading
from ontologie.store.target import LoadTarget
from ontologie.sync.work import Slice

SETTLE_RECORDS = 500
"""At most so many requests are lost when settling is cut off: each may have to be asked about by itself."""
_LINKED_RECORDS = 1_000
_NEVER = datetime.min.replace(tzinfo=UTC)
_REPAIR_TOTALS = 6
"""A drift is repaired at most every so many readings of the totals: a busy portal's counts never stand still."""

Conform = Callable[[Sequence[Record], ObjectSchema], Awaitable[Conformed]]


class Reconciler:
    """Settles what one source's segments have left open."""

    def __init__(self, slice_: Slice) -> None:
        self._slice = slice_

    async def settle(self, target: LoadTarget, pairs: Sequence[AssociationPair], conform: Conform) -> None:
        """Settle what the reading has left open."""
        async with self._slice.pool.connection() as connection:
            left = await sweep.left_open(connection, target)
        if left.unlinked:
            await self._link_again(target, pairs)
        if left.candidates:
            await self._settle_shown(target, pairs, conform)
            await self._settle_absent(target, pairs, conform)

    async def _link_again(self, target: LoadTarget, pairs: Sequence[AssociationPair]) -> None:
        """Ask again for links that were refused; those that are refused again wait for the next run."""
        object_type, refused = target.schema.object_type, []
        for pair in pairs:
            while ids := await self._unlinked(target, pair):
                link_set = await self._slice.session.links(ids, pair)
                if link_set is None or link_set.links is None:
                    self._slice.progress.links_refused(object_type, pair.to_type)
                    refused.append(pair.to_type)
                    break
                async with self._slice.pool.connection() as connection:
                    counts = await links.link_again(connection, target, link_set)
                self._slice.progress.settled(object_type, read=0, counts=counts, merged=0)
        async with self._slice.pool.connection() as connection:
            await links.forget_unlinked(connection, target, but=refused)

    async def _unlinked(self, target: LoadTarget, pair: AssociationPair) -> list[int]:
        async with self._slice.pool.connection() as connection:
            return await links.unlinked(connection, target, pair.to_type, limit=_LINKED_RECORDS)

    async def _settle_absent(self, target: LoadTarget, pairs: Sequence[AssociationPair], conform: Conform) -> None:
        """Mark what has disappeared, each id confirmed first; hold it when it is too much to be true."""
        object_type = target.schema.object_type
        async with self._slice.pool.connection() as connection:
            await sweep.drop_explained(connection, target)
            left = await sweep.left_open(connection, target)
            if not left.candidates:
                return
            await self._hold(connection, target, left.candidates)
        while ids := await self._candidates(target):
            fates, link_sets = await self._slice.session.resolve(ids, target.schema, pairs)
            known = (*fates.live, *fates.archived)
            conformed = await conform(known, target.schema)
            settlement = sweep.Settlement(ids=tuple(ids), fates=fates, link_sets=link_sets, conformed=conformed)
            async with self._slice.pool.connection() as connection:
                # First what hangs on them: once they are settled, nothing would come back to it after a kill.
                if self._slice.upkeep.erase_engagements and object_type == "contacts":
                    await erasure.erase_engagements(connection, target, fates.gone)
                counts = await sweep.settle(connection, target, settlement)
            merged = min(len(fates.merged), counts.archived)
            self._slice.progress.settled(object_type, read=len(known), counts=counts, merged=merged)

    async def _settle_shown(self, target: LoadTarget, pairs: Sequence[AssociationPair], conform: Conform) -> None:
        """Ask by their ids for those that came live, but older than they are stored or named as parts of others."""
        object_type = target.schema.object_type
        while ids := await self._candidates(target, shown=True):
            fates, link_sets = await self._slice.session.living(ids, target.schema, pairs)
            conformed = await conform(fates.live, target.schema)
            settlement = sweep.Settlement(ids=tuple(ids), fates=fates, link_sets=link_sets, conformed=conformed)
            async with self._slice.pool.connection() as connection:
                counts, own = await sweep.settle_shown(connection, target, settlement)
            self._slice.progress.settled(
                object_type, read=len(fates.live), counts=counts, merged=counts.archived, own=own
            )

    async def _candidates(self, target: LoadTarget, *, shown: bool = False) -> list[int]:
        async with self._slice.pool.connection() as connection:
            return await sweep.candidates(
                connection, target.schema_name, target.schema.object_type, limit=SETTLE_RECORDS, shown=shown
            )

    async def _hold(self, connection: Connection, target: LoadTarget, deleted: int) -> None:
        """Raise StreamStopped (MASS_DELETION_HELD) when so many deletions are too much to be true unconfirmed."""
        object_type = target.schema.object_type
        if self._slice.run.options.confirm_deletions:
            return
        live = await read.live_count(connection, target.schema_name, object_type)
        before = self._slice.progress.gone(object_type)
        if self._slice.upkeep.is_mass_deletion(before + deleted, before + live):
            raise StreamStopped(
                f"{deleted} of {live} {object_type} disappeared",
                code="MASS_DELETION_HELD",
                count=deleted,
                object_type=object_type,
                source=self._slice.source.name,
            )

    async def after_check(self, target: LoadTarget, *, began: datetime) -> None:
        """Erase what was deleted long before a full check that began then, in the account's time; under hard delete all
        that was deleted. Then count both sides."""
        cutoff = began - self._slice.upkeep.erase_archived_after
        async with self._slice.pool.connection() as connection:
            await erasure.erase_archived(connection, target, archived_before=cutoff)
            await erasure.forget_nameless(connection, target, unseen_since=began)
            if target.hard_delete:
                await deletion.remove_every_marked(connection, target)
        ours, theirs = await self._count(target)
        self._slice.progress.checked(target.schema.object_type, ours=ours, theirs=theirs)

    async def drifted(self, target: LoadTarget, known: Mapping[str, Reading]) -> bool:
        """Whether our count has come apart from the account's, so that a full check must repair it.

        Looked at on its rhythm, by the readings that are ``known``. A first difference may be what search shows late,
        or a deletion on its way: only when the next run finds one again it is a drift.
        """
        object_type, now = target.schema.object_type, self._slice.clock.now()
        marked = ("totals", "doubted", "repaired")
        counted, doubted, repaired = (_at(known.get(f"{name}:{object_type}")) for name in marked)
        every = self._slice.upkeep.totals
        if abs(now - counted) < every and doubted <= counted:
            return False
        ours, theirs = await self._count(target)
        if ours == theirs:
            means, marks = CountsMean.EQUAL, ["totals"]
        elif doubted <= counted:
            means, marks = CountsMean.LATER, ["doubted"]
        elif now - repaired < every * _REPAIR_TOTALS:
            means, marks = CountsMean.LATELY, ["totals"]
        else:
            means, marks = CountsMean.CHECK, ["totals", "repaired"]
        async with self._slice.pool.connection() as connection:
            for name in marks:
                await rhythms.mark(connection, target.schema_name, f"{name}:{object_type}", now)
        self._slice.progress.counted(object_type, ours=ours, theirs=theirs, means=means)
        return means is CountsMean.CHECK

    async def _count(self, target: LoadTarget) -> tuple[int, int]:
        """Live records here, those kept aside and those that stay erased with a person too, and there."""

        async def here() -> int:
            async with self._slice.pool.connection() as connection:
                stored = await read.live_count(connection, target.schema_name, target.schema.object_type)
                kept_out = await erasure.suppressed_count(connection, target)
                return stored + kept_out + await aside.live_count(connection, target)

        async with tasks.beside(here()) as [counting]:
            theirs = await self._slice.session.count(target.schema.object_type)
            ours = await counting
        return ours, theirs


def _at(reading: Reading | None) -> datetime:
    """When it was; long ago where it never was."""
    return _NEVER if reading is None else reading.at
