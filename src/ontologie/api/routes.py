"""Every route of the API."""

from typing import Annotated, Any

from litestar import Litestar, Request, Response, Router, get, patch, post
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_202_ACCEPTED,
    HTTP_401_UNAUTHORIZED,
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from ontologie.api.answers import (
    DriftAnswer,
    DriftSeen,
    Page,
    Problem,
    Record,
    RunAnswer,
    SourceAnswer,
    SourceChange,
    SyncRequest,
    drift_answer,
    run_answer,
    source_answer,
)
from ontologie.api.guard import ApiRequest, KeyRefused, ScopeOfKeyMissing, context_of, require_key
from ontologie.errors import OntologieError, PermissionMissing, RetryLater, UsageError
from ontologie.model.api_key import Scope
from ontologie.model.diagnosis import explain
from ontologie.model.run import RunOptions
from ontologie.model.selection import Selection
from ontologie.services import drift, grid, runs, source_changes, sources, streams
from ontologie.services.streams import SourceOverview

READS: dict[str, Any] = {"scope": Scope.READ, "exclude_from_csrf": True, "public": True}
WRITES = READS | {"scope": Scope.WRITE}
"""``public``: of the pages' guard, which knows cookies only; :func:`require_key` stands here instead."""
Limit = Annotated[int, QueryParameter(ge=1, le=grid.MOST_ROWS, description="How many at most.")]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before.")]
_NOT_FOUND = ("SOURCE_UNKNOWN", "TABLE_UNKNOWN", "RUN_UNKNOWN", "SOURCE_REMOVED")


@get("/sources", opt=READS, summary="All sources, each with its streams", operation_id="list_sources")
async def list_sources(request: ApiRequest) -> Page[SourceAnswer]:
    return Page(data=[source_answer(found) for found in await streams.overview(context_of(request))])


@get("/sources/{source:str}", opt=READS, summary="One source", operation_id="show_source")
async def show_source(request: ApiRequest, source: FromPath[str]) -> SourceAnswer:
    return source_answer(await _overview(request, source))


@patch("/sources/{source:str}", opt=WRITES, summary="Change a source", operation_id="change_source")
async def change_source(request: ApiRequest, source: FromPath[str], data: JSONBody[SourceChange]) -> SourceAnswer:
    await source_changes.set_hard_delete(context_of(request), source, hard_delete=data.hard_delete)
    return source_answer(await _overview(request, source))


@get(
    "/sources/{source:str}/drift",
    opt=READS,
    summary="What changed in the properties and nobody has acknowledged",
    operation_id="list_drift",
)
async def list_drift(request: ApiRequest, source: FromPath[str]) -> Page[DriftAnswer]:
    return await _unseen(request, source)


@post(
    "/sources/{source:str}/drift",
    opt=WRITES,
    status_code=HTTP_200_OK,
    summary="Acknowledge changes",
    operation_id="acknowledge_drift",
)
async def acknowledge_drift(
    request: ApiRequest, source: FromPath[str], data: JSONBody[DriftSeen]
) -> Page[DriftAnswer]:
    """Answers with those that are left."""
    await drift.acknowledge(context_of(request), source, [int(item) for item in data.ids])
    return await _unseen(request, source)


@get(
    "/sources/{source:str}/tables/{table:str}/records",
    opt=READS,
    summary="Records of a table, page by page",
    operation_id="list_records",
)
async def list_records(
    request: ApiRequest, source: FromPath[str], table: FromPath[str], limit: Limit = 100, cursor: Cursor = None
) -> Page[Record]:
    """The live records, the last changed first; all columns."""
    context = context_of(request)
    sheet = await grid.sheet(context, source, table)
    if sheet is None:
        return Page(data=[])
    names = [column.name for column in sheet.columns if column.name != "id"]
    found = await grid.rows(context, sheet, Selection(), columns=names, after=cursor, limit=limit)
    records: list[Record] = [
        {"id": record_id, **dict(zip(names, row, strict=True))}
        for record_id, row in zip(found.ids, found.rows, strict=True)
    ]
    return Page(data=records, next=found.after)


@get("/sources/{source:str}/runs", opt=READS, summary="Runs of a source, the newest first", operation_id="list_runs")
async def list_runs(
    request: ApiRequest, source: FromPath[str], limit: Limit = 50, cursor: Cursor = None
) -> Page[RunAnswer]:
    context = context_of(request)
    before = _run_id(cursor) if cursor is not None else None
    found = await runs.history(context, await sources.find(context, source), limit=limit + 1, before=before)
    following = str(found[limit - 1].id) if len(found) > limit else None
    return Page(data=[run_answer(run) for run in found[:limit]], next=following)


@get("/runs/{run:int}", opt=READS, summary="One run", operation_id="show_run")
async def show_run(request: ApiRequest, run: FromPath[int]) -> RunAnswer:
    return run_answer((await runs.find(context_of(request), run)).run)


@post(
    "/sources/{source:str}/runs",
    opt=WRITES,
    status_code=HTTP_202_ACCEPTED,
    summary="Start a sync",
    operation_id="start_run",
)
async def start_run(request: ApiRequest, source: FromPath[str], data: JSONBody[SyncRequest]) -> RunAnswer:
    """Answers with the run; where one is open already, with that one."""
    context = context_of(request)
    found = await sources.find(context, source)
    runs.check_streams(found, data.streams)
    options = RunOptions(check=data.check, full=data.full, streams=tuple(data.streams))
    return run_answer(await runs.start_now(context, found, options))


ROUTES = (
    list_sources, show_source, change_source, list_drift, acknowledge_drift, list_records, list_runs, show_run,
    start_run,
)  # fmt: skip


async def _overview(request: ApiRequest, name: str) -> SourceOverview:
    for found in await streams.overview(context_of(request)):
        if found.name == name:
            return found
    raise UsageError(name, code="SOURCE_UNKNOWN", source=name)


async def _unseen(request: ApiRequest, source: str) -> Page[DriftAnswer]:
    return Page(data=[drift_answer(found) for found in await drift.changes(context_of(request), source)])


def _run_id(cursor: str) -> int:
    if not cursor.isdecimal() or len(cursor) > 18:  # noqa: PLR2004 - a bigint
        raise UsageError("cursor", code="PAGE_MALFORMED")
    return int(cursor)


def _refused(request: Request[Any, Any, Any], error: OntologieError) -> Response[Problem]:
    """A trouble that the catalogue of diagnoses knows."""
    status = HTTP_409_CONFLICT
    if isinstance(error, KeyRefused):
        status = HTTP_401_UNAUTHORIZED
    elif isinstance(error, PermissionMissing | ScopeOfKeyMissing):
        status = HTTP_403_FORBIDDEN
    elif error.code in _NOT_FOUND:
        status = HTTP_404_NOT_FOUND
    elif isinstance(error, UsageError):
        status = HTTP_422_UNPROCESSABLE_ENTITY
    elif isinstance(error, RetryLater):
        status = HTTP_503_SERVICE_UNAVAILABLE
    said = explain(error.code, error.params, "en")
    return _answer(status, Problem(code=error.code, problem=said.problem, remedy=said.remedy))


def _malformed(request: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """What Litestar refused before a route was reached."""
    said = explain("API_REQUEST_MALFORMED", {"detail": error.detail}, "en")
    problem = Problem(code="API_REQUEST_MALFORMED", problem=said.problem, remedy=said.remedy)
    return _answer(error.status_code, problem)


def _answer(status: int, problem: Problem) -> Response[Problem]:
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTP_401_UNAUTHORIZED else None
    return Response(problem, status_code=status, media_type="application/json", headers=headers)


@get("/api/v1/openapi.json", opt={"exclude_from_csrf": True, "public": True}, include_in_schema=False)
async def openapi(request: ApiRequest) -> dict[str, Any]:
    """The description of the API, for programs."""
    found: dict[str, Any] = request.app.state["api"]
    return found


def router() -> Router:
    """All routes, behind the guard of keys."""
    return Router(
        path="/api/v1",
        route_handlers=ROUTES,
        guards=[require_key],
        exception_handlers={OntologieError: _refused, HTTPException: _malformed},
        security=[{"key": []}],
    )


def description(version: str) -> dict[str, Any]:
    """The OpenAPI description of all routes."""
    config = OpenAPIConfig(
        title="Ontologie Live Data",
        version=version,
        components=Components(security_schemes={"key": SecurityScheme(type="http", scheme="bearer")}),
    )
    return Litestar(route_handlers=[router()], openapi_config=config, logging_config=None).openapi_schema.to_schema()
