"""The portal on HTTP: who asks, may they, how many times, and then the endpoint."""

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from email.utils import format_datetime

import msgspec
from aiohttp import web

from hubspot_simulator.accounts import Accounts
from hubspot_simulator.admin import Admin
from hubspot_simulator.admin_page import AdminPage
from hubspot_simulator.call import Call, Grant, Reply
from hubspot_simulator.consent import ConsentPage
from hubspot_simulator.endpoints import (
    account,
    association_writes,
    associations,
    definitions,
    legacy,
    objects,
    pipelines,
    property_writes,
    search,
    tokens,
    writes,
)
from hubspot_simulator.endpoints.routes import Route
from hubspot_simulator.errors import (
    ApiError,
    missing_scopes,
    no_permission,
    not_found,
    rate_limited,
    uri_too_long,
)
from hubspot_simulator.portal import Portal

ROUTES: tuple[Route, ...] = (
    *search.ROUTES,
    *associations.ROUTES,
    *association_writes.ROUTES,
    *definitions.ROUTES,
    *property_writes.ROUTES,
    *pipelines.ROUTES,
    *account.ROUTES,
    *tokens.ROUTES,
    *legacy.ROUTES,
    *objects.ROUTES,
    *writes.ROUTES,
)
PORTAL: web.AppKey[Portal] = web.AppKey("portal", Portal)
_NOBODY = Grant(app="", scopes=set())
_MAX_BODY_BYTES = 10_000_000
_WAIT_S = 30.0
_BEAT_S = 0.25


class Server(msgspec.Struct, frozen=True):
    """A portal being served."""

    url: str
    portal: Portal


def build_app(portal: Portal) -> web.Application:
    """The aiohttp application of a portal, and of the other accounts behind the same simulator."""
    app = web.Application(client_max_size=_MAX_BODY_BYTES)
    app[PORTAL] = portal
    # One thread, for they would wait for each other anyway; and so the loop waits for one at most.
    handling = ThreadPoolExecutor(1, "portal")
    for route in ROUTES:
        app.router.add_route(route.method, route.path, _adapt(portal.accounts, route, handling))

    async def end(_app: web.Application) -> None:
        handling.shutdown(wait=False)

    app.on_cleanup.append(end)
    Admin(portal.accounts).add_to(app)
    AdminPage(portal.accounts).add_to(app)
    ConsentPage(portal.accounts).add_to(app)
    app.router.add_route("*", "/{rest:.*}", _unknown)
    return app


async def _unknown(_request: web.Request) -> web.Response:
    return web.Response(status=404, body=not_found().encoded(str(uuid.uuid4())), content_type="application/json")


def _adapt(
    accounts: Accounts, route: Route, handling: Executor
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        portal = accounts.of_token(request.headers.get("Authorization", ""))
        await asyncio.sleep(_drawn_s(portal, 0, portal.config.network_jitter_ms))
        correlation_id = str(uuid.uuid4())
        headers = {"x-hubspot-correlation-id": correlation_id}
        try:
            reply = await _answer(portal, route, request, headers, handling)
        except ApiError as error:
            headers.update(error.headers)
            reply = Reply(error.status, error.encoded(correlation_id))
        portal.statistics.note(route.family, reply.status)
        return await _deliver(
            portal, route, request, msgspec.structs.replace(reply, headers={**headers, **reply.headers})
        )

    return handle


async def _deliver(portal: Portal, route: Route, request: web.Request, reply: Reply) -> web.StreamResponse:
    """Send a reply, whole or as a bad day has it."""
    mischief, body = portal.mischief, reply.body
    about = route.family, _type_of(request.match_info)
    if mischief.strikes("stall", *about):
        await asyncio.sleep(mischief.days.stall_s)
    if mischief.strikes("reset", *about):
        _hang_up(request)
    if mischief.strikes("malformed", *about):
        body = body[: mischief.cut(len(body))]
    headers = {"Date": format_datetime(portal.clock.now(), usegmt=True), **reply.headers}
    response = web.Response(status=reply.status, body=body, content_type=reply.content_type, headers=headers)
    if body and mischief.strikes("truncated", *about):
        stream = web.StreamResponse(status=reply.status, headers={**response.headers, "Content-Length": str(len(body))})
        await stream.prepare(request)
        await stream.write(body[: mischief.cut(len(body))])
        _hang_up(request)
        return stream
    if portal.config.compress:
        response.enable_compression()
    return response


def _type_of(parameters: Mapping[str, str]) -> str | None:
    """The object type that a call is about; of associations the one they start from."""
    return parameters.get("type", parameters.get("from"))


def _hang_up(request: web.Request) -> None:
    """Drop the connection without a goodbye."""
    if request.transport is not None:
        request.transport.abort()


async def _answer(
    portal: Portal, route: Route, request: web.Request, headers: dict[str, str], handling: Executor
) -> Reply:
    if len(request.raw_path) > portal.config.max_url_bytes:
        raise uri_too_long()
    # Without the lock, and so without waiting for whoever has it: a limit counts when a request arrives.
    grant = _NOBODY if route.open else portal.grant(request.headers.get("Authorization", ""))
    refused = portal.limits.admit(grant, route.bucket)
    headers.update(portal.limits.headers(grant, route.bucket))
    if refused is not None:
        raise rate_limited(refused, str(uuid.uuid4()))
    body = await request.read() if request.can_read_body else b""
    call = Call(
        path=request.path,
        parameters=request.match_info,
        query=_query(request),
        body=body,
        grant=grant,
        base_url=str(request.url.origin()),
    )
    with portal.statistics.answering():
        async with _latency(portal):
            return await asyncio.get_running_loop().run_in_executor(handling, _handled, portal, route, call)


def _handled(portal: Portal, route: Route, call: Call) -> Reply:
    """In a thread: a large page takes a while, and meanwhile requests arrive."""
    with portal.lock:
        if not route.open or route.family in portal.mischief.days.families:
            portal.mischief.raise_status(route.family, _type_of(call.parameters))
        check_scopes(portal, route, call)
        return route.handler(portal, call)


def _query(request: web.Request) -> dict[str, list[str]]:
    query: dict[str, list[str]] = {}
    for name, value in request.query.items():
        query.setdefault(name, []).append(value)
    return query


def check_scopes(portal: Portal, route: Route, call: Call) -> None:
    """403 unless the token meets every group of scopes; definitions and links need those of the type only."""
    if route.open:
        return
    groups = list(route.scopes)
    if portal.config.free_plan and route.family != "account":
        raise missing_scopes(groups[0] if groups else _plan_scopes(portal, route, call))
    for number, parameter in enumerate(route.types):
        kind = portal.kind(call.parameters[parameter])
        if number == 0 and kind.name in portal.config.unpermitted_types:  # of a pair, the side that is read [?]
            raise no_permission(kind.name)
        groups.extend(kind.scopes[:1] if route.any_type_scope else kind.scopes)
    for group in groups:
        if call.grant.scopes.isdisjoint(group):
            raise missing_scopes(group)


def _plan_scopes(portal: Portal, route: Route, call: Call) -> tuple[str, ...]:
    """What a free plan is said to lack [?]: the scopes of the type, although the token has them."""
    kind = portal.kind(call.parameters[(*route.types, "type")[0]])
    return tuple(scope for group in kind.scopes for scope in group)


@asynccontextmanager
async def _latency(portal: Portal) -> AsyncIterator[None]:
    """Takes the portal's latency, of which the preparing of the answer is a part: a slow machine adds nothing to it."""
    loop = asyncio.get_running_loop()
    due = loop.time() + _drawn_s(portal, portal.config.latency_ms, portal.config.latency_jitter_ms)
    try:
        yield
    finally:
        await asyncio.sleep(max(0.0, due - loop.time()))


def _drawn_s(portal: Portal, milliseconds: float, jitter_ms: float) -> float:
    return (milliseconds + (portal.chance.uniform(0, jitter_ms) if jitter_ms else 0)) / 1_000


async def _live(portal: Portal) -> None:
    """Play the scripts of all accounts at their rates."""
    owed: dict[int, float] = {}
    while True:
        await asyncio.sleep(_BEAT_S)
        for each in portal.accounts.portals:
            due = owed.get(each.config.portal_id, 0.0) + each.script.rate_per_s * _BEAT_S
            if due >= 1:
                with each.lock:
                    each.script.play(int(due))
            owed[each.config.portal_id] = due - int(due)


@asynccontextmanager
async def serve(portal: Portal, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Server]:
    """Serve a portal in the running loop; port 0 takes a free one. OSError when the port is taken."""
    runner = web.AppRunner(
        build_app(portal), access_log=None, keepalive_timeout=75, shutdown_timeout=0.2, max_line_size=1_000_000
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0][1]
        life = asyncio.create_task(_live(portal))
        try:
            yield Server(f"http://{host}:{bound}", portal)
        finally:
            life.cancel()
            await asyncio.wait([life])
            if not life.cancelled():
                life.result()  # a script that failed says so
    finally:
        await runner.cleanup()


@contextmanager
def serve_in_thread(portal: Portal, host: str = "127.0.0.1", port: int = 0) -> Iterator[Server]:
    """The same from a thread of its own: for tests, and inside another program."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="hubspot-simulator", daemon=True)
    thread.start()
    serving = AsyncExitStack()
    try:
        entering = serving.enter_async_context(serve(portal, host, port))
        yield asyncio.run_coroutine_threadsafe(entering, loop).result(_WAIT_S)
    finally:
        try:
            asyncio.run_coroutine_threadsafe(serving.aclose(), loop).result(_WAIT_S)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
