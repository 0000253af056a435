"""Tables as files: Parquet, CSV, JSON lines, DuckDB and Excel, streamed whatever their size."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from ontologie import tasks
from ontologie.errors import UsageError
from ontologie.model.selection import Selection
from ontologie.model.user import Role
from ontologie.services import grid
from ontologie.services.context import Context
from ontologie.store.arrow import Query
from ontologie.store.export import Export, Exported, Progress
from ontologie.store.formats.form import Format, Writing

__all__ = ["Exported", "Format", "Options", "Progress", "TableRequest", "export"]


class TableRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to write of a table. Without a selection: the live rows, by id."""

    object_type: str
    columns: tuple[str, ...] = ()
    """Empty: all of them."""
    selection: Selection = Selection(order="id", descending=False)


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to write, and whom to tell."""

    for_spreadsheets: bool = False
    """Texts that look like formulas are made harmless, and CSV begins with its encoding. The pages ask for it."""
    labels: bool = False
    """HubSpot's labels as headings, where no two are the same."""
    on_progress: Callable[[Progress], None] = lambda _: None
    """Called from another thread, at each batch."""


async def export(
    context: Context,
    source_name: str,
    tables: Sequence[TableRequest],
    kind: Format,
    target: Path,
    options: Options,
) -> Exported:
    """Write the tables, all as of one moment; those that were never synced are left out.

    ``target`` is the file to make; with several tables in a format that holds one each, the folder to make. It appears
    whole or not at all, and never replaces anything. Ends soon when the caller is cancelled.

    Raises UsageError: SOURCE_UNKNOWN, TABLE_UNKNOWN, NOTHING_TO_EXPORT, COLUMN_UNKNOWN, FILTER_MALFORMED,
    FILE_IN_THE_WAY, FILE_NOT_WRITABLE, EXTRA_MISSING; OperatorError (FILE_NO_ROOM).
    """
    context.require(Role.VIEWER)
    writing = Writing(for_spreadsheets=options.for_spreadsheets)
    work = Export(str(context.reader.conninfo), kind, writing, options.on_progress)
    found = 0
    for request in tables:
        shown = await grid.sheet(context, source_name, request.object_type)
        if shown is not None:
            found += 1
            _add(work, shown, request, labels=options.labels)
    if not found:
        raise UsageError(source_name, code="NOTHING_TO_EXPORT", source=source_name)
    task = asyncio.ensure_future(asyncio.to_thread(work.run, target))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        threading.Thread(target=work.cancel).start()  # of its own: the executor's may all be exporting
        await tasks.ended(task)
        raise


def _add(work: Export, shown: grid.Sheet, request: TableRequest, *, labels: bool) -> None:
    columns = request.columns or tuple(item.name for item in shown.columns)
    headings = columns
    if labels:
        labelled = tuple(shown.column(name).label or name for name in columns)
        headings = labelled if len(set(labelled)) == len(labelled) else columns
    work.add(Query(table=shown.table, columns=columns, selection=request.selection), headings)
