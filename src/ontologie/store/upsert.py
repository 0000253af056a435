"""Storing records: new ones go straight into their table, changed ones are merged, unchanged ones are left alone."""

import contextlib
from collections.abc import Sequence
from typing import Any

import msgspec
import psycopg
from psycopg import sql

from ontologie.database.pool import Connection
from ontologie.model.conformed import Conformed
from ontologie.model.record import Aside, LoadCounts
from ontologie.model.schema import MORE
from ontologie.store import aside, staging, wire
from ontologie.store.narrow import narrowed
from ontologie.store.target import LoadTarget

_NOT_STORABLE = (psycopg.errors.ProgramLimitExceeded, psycopg.DataError)


async def upsert(
    connection: Connection,
    target: LoadTarget,
    conformed: Conformed,
    *,
    likely_new: bool = False,
    confirmed: bool = False,
) -> LoadCounts:
    """Store the records; faster when ``likely_new`` and right. Nobody else adds to the table: the epoch was checked.

    Only ``confirmed`` deletions turn a live row into an archived one. A record that PostgreSQL cannot hold is found
    by halving, and set aside with the reason.
    """
    try:
        if likely_new:
            with contextlib.suppress(psycopg.errors.UniqueViolation):
                async with connection.transaction():
                    return await _add(connection, target, conformed)
        async with connection.transaction():
            return await _store(connection, target, conformed, confirmed=confirmed)
    except _NOT_STORABLE as error:
        reason = str(error)
    if len(conformed) == 1:
        return await _upsert_narrower(connection, target, conformed, reason, confirmed=confirmed)
    first, second = conformed.halves()
    counts = await upsert(connection, target, first, confirmed=confirmed)
    return counts + await upsert(connection, target, second, confirmed=confirmed)


async def _upsert_narrower(
    connection: Connection, target: LoadTarget, conformed: Conformed, reason: str, *, confirmed: bool
) -> LoadCounts:
    """A record that is too wide for a row: what does not fit goes to ``_more``. If that does not help, set it aside."""
    narrower = narrowed(conformed, target.schema)
    with contextlib.suppress(*_NOT_STORABLE):
        async with connection.transaction():
            return await _store(connection, target, narrower, confirmed=confirmed)
    return await aside.keep(connection, target, [_as_it_is(conformed, reason)])


async def _store(connection: Connection, target: LoadTarget, conformed: Conformed, *, confirmed: bool) -> LoadCounts:
    """Add the records that the table has not, merge the others."""
    newest = _newest_of_each(conformed)
    ids = newest.ids()
    stored = await _stored(connection, target, ids)
    new = newest.only([at for at, number in enumerate(ids) if number not in stored])
    counts = await _add(connection, target, new) if len(new) else LoadCounts()
    if stored:
        known = newest.only([at for at, number in enumerate(ids) if number in stored])
        counts += await _merge(connection, target, known, confirmed=confirmed)
    return counts


async def _add(connection: Connection, target: LoadTarget, new: Conformed) -> LoadCounts:
    await staging.copy(connection, target.table, new)
    return LoadCounts(
        inserted=len(new),
        archived=len(new) - new.batch["_archived_at"].null_count,
        rejected_values=sum(new.rejected_values),
    )


def _newest_of_each(conformed: Conformed) -> Conformed:
    """Without the older versions of a record that came twice, as one does that moves between pages."""
    ids = conformed.ids()
    if len(set(ids)) == len(ids):
        return conformed
    moments: list[Any] = conformed.batch["_updated_at"].to_pylist()
    newest: dict[int, int] = {}
    for row, number in enumerate(ids):
        if number not in newest or moments[row] >= moments[newest[number]]:
            newest[number] = row
    return conformed.only(sorted(newest.values()))


async def _stored(connection: Connection, target: LoadTarget, ids: list[int]) -> set[int]:
    """Which of these ids the table holds.

    LATERAL: an index lookup per id, whatever the planner believes of a table that grows faster than its statistics.
    """
    cursor = await connection.execute(
        sql.SQL(
            "SELECT r.id FROM unnest(%s::bigint[]) AS r (id),"
            " LATERAL (SELECT FROM {} t WHERE t.id = r.id OFFSET 0) AS found"
        ).format(target.table),
        [ids],
    )
    return {row["id"] for row in await cursor.fetchall()}


async def _merge(connection: Connection, target: LoadTarget, known: Conformed, *, confirmed: bool) -> LoadCounts:
    """Update the stored rows that differ.

    Rows are compared as they are (``*<>``: byte by byte, null equal to null), so a property that was added and is
    empty rewrites none. An older version never replaces a newer one, unless the account was asked about this very id.
    ON CONFLICT rather than a join: the planner, which knows nothing of the staged rows, has no choice to make.
    """
    stage = await staging.stage(connection, target.schema, known)
    names = [name for name, _ in wire.columns(target.schema)]
    compared = ["_rejected", MORE, *(item.column_name for item in target.schema.with_columns())]
    statement = sql.SQL(
        "INSERT INTO {table} AS t ({columns}) SELECT {columns} FROM {stage}"
        " ON CONFLICT (id) DO UPDATE SET {updates}, _merged_into = NULL, _purged_at = NULL"
        " WHERE (ROW({ours})::record *<> ROW({theirs})::record"
        "        OR t._archived_at IS DISTINCT FROM excluded._archived_at"
        "        OR t._merged_into IS NOT NULL OR t._purged_at IS NOT NULL)"
        "   AND ({confirmed} OR t._updated_at IS NULL OR excluded._updated_at >= t._updated_at)"
        "   AND ({confirmed} OR excluded._archived_at IS NULL OR t._archived_at IS NOT NULL AND t._purged_at IS NULL)"
        " RETURNING t.id, t._archived_at IS NOT NULL AS archived"
    ).format(
        table=target.table,
        stage=stage,
        confirmed=sql.Literal(confirmed),
        columns=_listed("", names),
        ours=_listed("t.", compared),
        theirs=_listed("excluded.", compared),
        updates=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in names[1:]),
    )
    cursor = await connection.execute(statement)
    updated = {row["id"]: row["archived"] for row in await cursor.fetchall()}
    rejected = dict(zip(known.ids(), known.rejected_values, strict=True))
    return LoadCounts(
        updated=len(updated),
        unchanged=len(rejected) - len(updated),
        archived=sum(updated.values()),
        rejected_values=sum(rejected[number] for number in updated),
    )


def _listed(prefix: str, names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(prefix) + sql.Identifier(name) for name in names)


def _as_it_is(conformed: Conformed, reason: str) -> Aside:
    [record] = conformed.batch.to_pylist()
    held = {name: value for name, value in record.items() if value is not None}
    return Aside(id=record["id"], reason=reason, sent=msgspec.json.encode(held, enc_hook=str).decode())
