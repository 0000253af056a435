"""What a reader sees of a table, as a file."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import anyio
from litestar import Response, get
from litestar.background_tasks import BackgroundTask
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import File

from ontologie.services import exporting
from ontologie.services.exporting import Format, Options, TableRequest
from ontologie.web.gone import Gone, unless_gone
from ontologie.web.request import AnyRequest, context_of
from ontologie.web.selection_query import columns_of, selection_of

_KINDS = {"csv": Format.CSV, "xlsx": Format.EXCEL, "parquet": Format.PARQUET}
_FOR_SPREADSHEETS = ("csv", "xlsx")
"""What a spreadsheet opens: texts that look like formulas are made harmless, and columns are named by their labels."""
_CLOSED_REQUEST = 499


@get("/streams/{source_name:str}/{object_type:str}/export/{kind:str}")
async def export_table(
    request: AnyRequest, source_name: FromPath[str], object_type: FromPath[str], kind: FromPath[str]
) -> Response[Any]:
    """The rows that the table's address selects, in its order, with its columns."""
    if kind not in _KINDS:
        raise NotFoundException
    wanted = TableRequest(
        object_type=object_type,
        columns=tuple(columns_of(request.query_params)),
        selection=selection_of(request.query_params),
    )
    plain = kind in _FOR_SPREADSHEETS
    folder = Path(await anyio.to_thread.run_sync(lambda: tempfile.mkdtemp(prefix="ontologie-export-")))
    target = folder / f"{object_type}.{kind}"
    work = exporting.export(
        context_of(request),
        source_name,
        [wanted],
        _KINDS[kind],
        target,
        Options(for_spreadsheets=plain, labels=plain),
    )
    try:
        await unless_gone(request, work)
    except BaseException as error:
        await _forget(folder)
        if isinstance(error, Gone):
            return Response(b"", status_code=_CLOSED_REQUEST)
        raise
    return File(target, filename=f"{source_name}-{target.name}", background=BackgroundTask(_forget, folder))


async def _forget(folder: Path) -> None:
    await anyio.to_thread.run_sync(lambda: shutil.rmtree(folder, ignore_errors=True))


ROUTES = (export_table,)
