"""The table of saved views."""

from datetime import datetime

import msgspec

from ontologie.database import queries
from ontologie.database.pool import Connection


class SavedView(msgspec.Struct, frozen=True, kw_only=True):
    """What a person chose to see of a table. ``query`` is the query part of the table's address."""

    id: int
    source_id: int
    object_type: str
    user_id: int
    owner: str
    """The person's name."""
    name: str
    query: str
    shared: bool
    created_at: datetime


class NewView(msgspec.Struct, frozen=True, kw_only=True):
    """What a saved view is made from."""

    source_id: int
    object_type: str
    user_id: int
    name: str
    query: str
    shared: bool
    created_at: datetime


async def visible(connection: Connection, *, source_id: int, object_type: str, user_id: int) -> list[SavedView]:
    """The user's own views of a table, then those that others share; each by name."""
    rows = await queries.fetch_all(
        connection, "saved_views", "visible", source_id=source_id, object_type=object_type, user_id=user_id
    )
    return msgspec.convert(rows, list[SavedView])


async def insert(connection: Connection, new: NewView) -> bool:
    """Keep the view; False when the user has one of this name already."""
    row = await queries.fetch_one(connection, "saved_views", "insert", **msgspec.structs.asdict(new))
    return row is not None


async def delete(connection: Connection, *, view_id: int, source_id: int, user_id: int) -> bool:
    """Forget a view of the user's own; False when there is none such."""
    return bool(
        await queries.execute(connection, "saved_views", "delete", id=view_id, source_id=source_id, user_id=user_id)
    )
