"""One record whole: its row, what it is linked to, what was merged into it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection, fetch
from ontologie.model.object_types import NUMBERS
from ontologie.model.schema import ColumnType
from ontologie.store.main_columns import main_columns

_NAMES = {number: name for name, number in NUMBERS.items()}
_MOST_LINKS = 500
"""Read per record; beyond that the table itself is the place to look."""


class LinkedTo(msgspec.Struct, frozen=True, kw_only=True):
    """One link of a record, with what the account calls it."""

    object_type: str
    id: int
    labels: tuple[str, ...]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a link shows of the other record. ``title`` None: nothing names it; ``live`` False: archived or merged."""

    id: int
    title: str | None
    live: bool


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """An engagement of a record. ``body`` is HTML as it was written."""

    object_type: str
    id: int
    at: datetime | None
    title: str | None
    body: str | None


_ACTIVITY_COLUMNS: Mapping[str, tuple[str, str]] = {
    "emails": ("hs_email_subject", "hs_email_text"),
    "calls": ("hs_call_title", "hs_call_body"),
    "notes": ("", "hs_note_body"),
    "tasks": ("hs_task_subject", "hs_task_body"),
    "meetings": ("hs_meeting_title", "hs_meeting_body"),
}


async def read_row(connection: Connection, schema_name: str, object_type: str, record_id: int) -> dict[str, Any] | None:
    """Every column of the record, archived or not, numbers exact, moments as text; None when there is no such row."""
    rows = await fetch(
        connection,
        sql.SQL("SELECT to_jsonb(t)::text AS row FROM {} t WHERE id = {} AND _purged_at IS NULL").format(
            sql.Identifier(schema_name, object_type), sql.Literal(record_id)
        ),
    )
    return json.loads(rows[0]["row"], parse_float=Decimal) if rows else None


async def read_links(connection: Connection, schema_name: str, object_type: str, record_id: int) -> list[LinkedTo]:
    """The record's links, from whichever side they are stored."""
    if object_type not in NUMBERS:
        return []
    rows = await fetch(
        connection,
        sql.SQL(
            "SELECT l.type, l.id, array_remove(array_agg(DISTINCT n.label), NULL) AS labels FROM ("
            " SELECT to_type AS type, to_id AS id, category, type_id, from_type, to_type FROM {links}"
            "  WHERE from_type = {type} AND from_id = {id}"
            " UNION ALL SELECT from_type, from_id, category, type_id, from_type, to_type FROM {links}"
            "  WHERE to_type = {type} AND to_id = {id}) AS l"
            " LEFT JOIN {labels} n USING (from_type, to_type, category, type_id)"
            " GROUP BY l.type, l.id ORDER BY l.type, l.id LIMIT {most}"
        ).format(
            links=sql.Identifier(schema_name, "associations"),
            labels=sql.Identifier(schema_name, "association_labels"),
            type=sql.Literal(NUMBERS[object_type]),
            id=sql.Literal(record_id),
            most=sql.Literal(_MOST_LINKS),
        ),
    )
    return [
        LinkedTo(object_type=_NAMES[row["type"]], id=row["id"], labels=tuple(row["labels"]))
        for row in rows
        if row["type"] in _NAMES
    ]


async def read_summaries(
    connection: Connection, schema_name: str, object_type: str, ids: Sequence[int], columns: Mapping[str, ColumnType]
) -> dict[int, Summary]:
    """What names these records, by id; those that are not in the store are left out."""
    main = main_columns(object_type, columns)
    names = [*main.title, *(name for name in ("email", "domain") if name in columns)]
    texts = [sql.SQL("nullif(left({}, 300), '')").format(sql.Identifier(name)) for name in names]
    titles = texts[: len(main.title)]
    title = sql.SQL("coalesce(nullif(concat_ws(' ', {}), ''){})").format(
        sql.SQL(", ").join(titles) if titles else sql.SQL("NULL"),
        sql.SQL("").join(sql.SQL(", {}").format(text) for text in texts[len(main.title) :]),
    )
    rows = await fetch(
        connection,
        sql.SQL(
            "SELECT id, {} AS title, _archived_at IS NULL AS live FROM {}"
            " WHERE id = ANY({}::bigint[]) AND _purged_at IS NULL"
        ).format(title, sql.Identifier(schema_name, object_type), sql.Literal(list(ids))),
    )
    return {row["id"]: Summary(id=row["id"], title=row["title"], live=row["live"]) for row in rows}


async def read_activities(
    connection: Connection, schema_name: str, object_type: str, ids: Sequence[int], columns: Mapping[str, ColumnType]
) -> list[Activity]:
    """These engagements of one type, live ones only."""
    title, body = (
        sql.Identifier(name) if name in columns else sql.SQL("NULL::text") for name in _ACTIVITY_COLUMNS[object_type]
    )
    at = sql.Identifier("hs_timestamp") if "hs_timestamp" in columns else sql.Identifier("_created_at")
    rows = await fetch(
        connection,
        sql.SQL(
            "SELECT id, {} AS at, left({}, 300) AS title, left({}, 5000) AS body FROM {}"
            " WHERE id = ANY({}::bigint[]) AND _archived_at IS NULL AND _purged_at IS NULL"
        ).format(at, title, body, sql.Identifier(schema_name, object_type), sql.Literal(list(ids))),
    )
    return [Activity(object_type=object_type, **row) for row in rows]


async def merged_from(connection: Connection, schema_name: str, object_type: str, record_id: int) -> list[int]:
    """The records that became part of this one."""
    rows = await fetch(
        connection,
        sql.SQL("SELECT from_id FROM {} WHERE object_type = {} AND into_id = {} ORDER BY from_id LIMIT 100").format(
            sql.Identifier(schema_name, "merges"), sql.Literal(object_type), sql.Literal(record_id)
        ),
    )
    return [row["from_id"] for row in rows]
