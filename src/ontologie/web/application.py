"""The web application: routes, the guard, security headers, errors as pages."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from litestar import Litestar, Request, Response
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.status_codes import (
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_500_INTERNAL_SERVER_ERROR,
    HTTP_503_SERVICE_UNAVAILABLE,
)
from litestar.types import ControllerRouterHandler

from ontologie.errors import OntologieError, PermissionMissing, RetryLater
from ontologie.services.context import Context
from ontologie.web.guard import require_login
from ontologie.web.live import Audience
from ontologie.web.naming import learn_names
from ontologie.web.notices import of_installation
from ontologie.web.operations import OPERATIONS
from ontologie.web.pages import ROUTES
from ontologie.web.rendering import page
from ontologie.web.request import is_partial
from ontologie.web.static_files import static_file

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # a login link is in the address
    "Cache-Control": "no-cache",
}

log = structlog.get_logger(__name__)


def build(
    context: Context,
    *,
    secure_cookies: bool,
    metrics_token: str | None,
    beside: Sequence[ControllerRouterHandler] = (),
    api: Mapping[str, Any] | None = None,
) -> Litestar:
    """The application on these services. ``secure_cookies`` where users come by https.

    ``beside`` are routes of others that are served with the pages; ``api`` describes them (OpenAPI).
    ``metrics_token`` opens /metrics; empty: to everybody, None: to nobody.
    """
    return Litestar(
        route_handlers=[*ROUTES, *OPERATIONS, *beside, static_file],
        state=State(
            {
                "context": context,
                "audience": Audience(context),
                "secure_cookies": secure_cookies,
                "api": api or {},
                "metrics_token": metrics_token,
            }
        ),
        csrf_config=CSRFConfig(
            secret=context.vault.derive("csrf"),
            cookie_secure=secure_cookies,
            cookie_httponly=True,
            cookie_samesite="lax",
        ),
        before_request=_before,
        after_request=_with_headers,
        exception_handlers={HTTPException: _http_error, OntologieError: _explained, Exception: _broken},
        openapi_config=None,
        logging_config=None,  # Litestar's own would take the root logger's handlers away from us
    )


def build_operations(context: Context, *, metrics_token: str | None) -> Litestar:
    """Only /healthz, /readyz and /metrics: what a worker shows of itself."""
    return Litestar(
        route_handlers=list(OPERATIONS),
        state=State({"context": context, "metrics_token": metrics_token}),
        after_request=_with_headers,
        openapi_config=None,
        logging_config=None,  # Litestar's own would take the root logger's handlers away from us
    )


async def _before(request: Request[Any, Any, Any]) -> Response[Any] | None:
    """Who is not logged in goes no further; a page tells what stops the whole installation."""
    answer = await require_login(request)
    if answer is None:
        await learn_names(request)
        request.state.notices = await of_installation(request)
    return answer


async def _with_headers(response: Response[Any]) -> Response[Any]:
    return _guarded(response)


def _guarded(response: Response[Any]) -> Response[Any]:
    """With our headers. Litestar calls ``after_request`` for no answer that an exception handler made."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    key = "not_found" if error.status_code == HTTP_404_NOT_FOUND else "refused"
    return _error(request, error.status_code, key=key)


def _explained(request: Request[Any, Any, Any], error: OntologieError) -> Response[Any]:
    """A trouble that the catalogue of diagnoses knows: what is wrong, and what to do."""
    if error.code == OntologieError.default_code:
        return _broken(request, error)
    status = HTTP_409_CONFLICT
    if error.code in ("SOURCE_UNKNOWN", "RUN_UNKNOWN", "SOURCE_REMOVED"):
        status = HTTP_404_NOT_FOUND
    elif isinstance(error, PermissionMissing):
        status = HTTP_403_FORBIDDEN
    elif isinstance(error, RetryLater):
        status = HTTP_503_SERVICE_UNAVAILABLE
    log.info("page_refused", path=request.url.path, code=error.code)
    return _error(request, status, code=error.code, params=error.params)


def _broken(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """One sentence for the user; the traceback goes to the log."""
    log.error("page_broke", path=request.url.path, exc_info=error)
    return _error(request, HTTP_500_INTERNAL_SERVER_ERROR, key="broken")


def _error(
    request: Request[Any, Any, Any], status: int, *, key: str = "", code: str = "", params: dict[str, Any] | None = None
) -> Response[Any]:
    values: dict[str, Any] = {"key": key, "code": code, "params": params or {}}
    if is_partial(request):
        return _guarded(page(request, "error_toast.html", status=status, **values))
    away = status == HTTP_503_SERVICE_UNAVAILABLE
    again = _address(request) if request.method == "GET" and (away or key == "broken") else ""
    return _guarded(page(request, "error.html", status=status, away=away and bool(again), again=again, **values))


def _address(request: Request[Any, Any, Any]) -> str:
    """The page's own, with its question."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
