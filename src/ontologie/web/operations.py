"""For machines that watch us: is it alive, is it ready, what does it count."""

import asyncio
import hmac

import structlog
from litestar import get
from litestar.response import Response
from litestar.status_codes import HTTP_401_UNAUTHORIZED, HTTP_503_SERVICE_UNAVAILABLE

from ontologie.errors import OntologieError
from ontologie.services import health, measurements
from ontologie.web.guard import PUBLIC
from ontologie.web.request import AnyRequest, installation_of

_PATIENCE_S = 3
_TEXT = "text/plain; version=0.0.4; charset=utf-8"

log = structlog.get_logger(__name__)


@get("/healthz", opt=PUBLIC, sync_to_thread=False)
def healthz() -> Response[str]:
    """The process answers. A supervisor restarts it when it does not."""
    return Response("ok\n", media_type="text/plain")


@get("/readyz", opt=PUBLIC)
async def readyz(request: AnyRequest) -> Response[str]:
    """The database answers too. A load balancer sends users elsewhere while it does not."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await health.reach_database(installation_of(request))
    except (OntologieError, TimeoutError) as error:
        log.warning("not_ready", detail=str(error))
        return Response("database away\n", media_type="text/plain", status_code=HTTP_503_SERVICE_UNAVAILABLE)
    return Response("ok\n", media_type="text/plain")


@get("/metrics", opt=PUBLIC)
async def metrics(request: AnyRequest) -> Response[bytes] | Response[str]:
    """Prometheus' text format, for who has the token; without a token set, for this machine's own port only."""
    token = request.app.state["metrics_token"]
    if token is None or not _allowed(request.headers.get("authorization", ""), token):
        return Response("a token is needed\n", media_type="text/plain", status_code=HTTP_401_UNAUTHORIZED)
    return Response(await measurements.exposition(installation_of(request)), media_type=_TEXT)


def _allowed(given: str, token: str) -> bool:
    return not token or hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


OPERATIONS = (healthz, readyz, metrics)
