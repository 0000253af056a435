"""Views of a table that people keep, each for themselves or for everybody."""

import msgspec

from ontologie.database import saved_views, sources
from ontologie.database.saved_views import NewView, SavedView
from ontologie.errors import UsageError
from ontologie.model.user import Role
from ontologie.services import grid
from ontologie.services.context import Context
from ontologie.services.grid import Sheet

_LONGEST_NAME_CHARACTERS = 60
_LONGEST_QUERY_CHARACTERS = 8_000


async def visible(context: Context, shown: Sheet) -> list[SavedView]:
    """The reader's own views of a table, and those that others share."""
    async with context.pool.connection() as connection:
        return await saved_views.visible(
            connection, source_id=shown.source.id, object_type=shown.object_type, user_id=context.actor.id
        )


class ViewRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to keep: the query part of a table's address, under a name."""

    name: str
    query: str
    shared: bool = False


async def save(context: Context, source_name: str, object_type: str, wanted: ViewRequest) -> None:
    """Keep what the reader sees of a table.

    Raises UsageError (SOURCE_UNKNOWN, TABLE_UNKNOWN, VIEW_MALFORMED, VIEW_NAME_TAKEN).
    """
    context.require(Role.EDITOR)
    source = await grid.source_of_table(context, source_name, object_type)
    chosen = " ".join(wanted.name.split())
    if not 0 < len(chosen) <= _LONGEST_NAME_CHARACTERS or len(wanted.query) > _LONGEST_QUERY_CHARACTERS:
        raise UsageError(chosen, code="VIEW_MALFORMED")
    new = NewView(
        source_id=source.id,
        object_type=object_type,
        user_id=context.actor.id,
        name=chosen,
        query=wanted.query,
        shared=wanted.shared,
        created_at=context.clock.now(),
    )
    async with context.pool.connection() as connection:
        if not await saved_views.insert(connection, new):
            raise UsageError(chosen, code="VIEW_NAME_TAKEN", name=chosen)


async def delete(context: Context, source_name: str, view_id: int) -> None:
    """Forget one of the reader's own views; nothing happens to anybody else's."""
    context.require(Role.EDITOR)
    async with context.pool.connection() as connection:
        source = await sources.by_name(connection, source_name)
        if source is not None:
            await saved_views.delete(connection, view_id=view_id, source_id=source.id, user_id=context.actor.id)
