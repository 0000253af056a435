"""OAuth from a terminal: a listener on this machine receives the browser that comes back from the consent page."""

import asyncio
import os
import secrets
from urllib.parse import parse_qs, urlsplit

from ontologie.cli import output
from ontologie.errors import ActionRequired, OperatorError, UsageError
from ontologie.model.credentials import OAuthClient
from ontologie.model.diagnosis import explain
from ontologie.model.discovery import Discovery, StreamDiscovery
from ontologie.model.draft import Draft
from ontologie.services import authorizing, connecting
from ontologie.services.authorizing import Answer
from ontologie.services.context import Context

PORT = 8652
_PAGE = "<!doctype html><meta charset=utf-8><title>Ontologie</title><p>{text}</p>"


async def authorize(context: Context, draft: Draft, *, port: int, client: OAuthClient | None) -> Draft:
    """Show the consent page's address and wait for its answer, at most 10 minutes.

    Raises OperatorError (PORT_TAKEN) and what :func:`ontologie.services.authorizing.finish` does.
    """
    if client is not None:
        await connecting.give_client(context, draft.id, client)
    session = secrets.token_urlsafe(32)
    answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = _answer(await reader.readline())
        text = "Back to the terminal: this window can be closed." if answer else "Nothing here."
        body = _PAGE.format(text=text).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()
        if answer and not answered.done():
            answered.set_result(answer)

    try:
        server = await asyncio.start_server(serve, "127.0.0.1", port, limit=16_384)
    except OSError as error:
        raise OperatorError(str(error), code="PORT_TAKEN", port=port, setting="… --callback-port") from None
    async with server:
        uri = f"http://localhost:{port}/oauth/callback"
        address = await authorizing.start(context, draft.id, session=session, redirect_uri=uri)
        output.stderr.print(f"Open this address in your browser; the app's redirect URL must be {uri}:")
        output.stdout.out(address)
        output.stdout.file.flush()  # a program that reads it waits for it
        try:
            async with asyncio.timeout(authorizing.TRIP_LIFE.total_seconds()):
                answer = await answered
        except TimeoutError:
            raise ActionRequired("no answer", code="OAUTH_STATE_EXPIRED") from None
    return await authorizing.finish(context, answer, session=session)


def client_given(client_id: str | None, secret_env: str | None) -> OAuthClient | None:
    """The user's own OAuth app: its secret from a variable, never from the command line, where others can read it."""
    if client_id is None:
        return None
    secret = os.environ.get(secret_env or "", "")
    if not secret:
        raise UsageError("no client secret", code="OAUTH_CLIENT_MALFORMED")
    return OAuthClient(client_id=client_id, client_secret=secret)


async def tested(context: Context, draft: Draft) -> None:
    """Test the connection, and say what it found."""
    tell(await connecting.test(context, draft.id))


def tell(found: Discovery) -> None:
    """Whose account it is, what may be read, and how long a first sync takes."""
    account = found.account
    named = account.name or account.domain or "HubSpot"
    output.stderr.print(f"{named}: portal {account.portal_id}, {account.ui_domain}, {account.time_zone}.")
    for stream in found.streams:
        _tell(stream)
    minutes = max(1, round(found.estimate.duration.total_seconds() / 60))
    output.stderr.print(f"A first sync takes {'about' if found.counted else 'at least'} {minutes} min.")


def _tell(stream: StreamDiscovery) -> None:
    """What the test found of a stream, in a line; those that nobody asked for only where they can be read."""
    name = f"{stream.label} ({stream.name})" if stream.label else stream.name
    locked = next((i for i in stream.objects if not i.ready and not i.silent), None)
    if locked is not None:
        if not stream.optional:
            said = explain(locked.problem_code or "", locked.problem_params, output.language())
            output.stderr.print(f"✗ {name}: {said.problem}", markup=False, soft_wrap=True)
    elif stream.silent:
        output.stderr.print(f"· {name}: no answer in time; a sync waits for it", markup=False)
    elif stream.records is None:
        output.stderr.print(f"✓ {name}: not counted in time", markup=False)
    else:
        least = "" if stream.counted else "at least "
        output.stderr.print(f"✓ {name}: {least}{output.counted(stream.records, 'record')}", markup=False)


def _answer(line: bytes) -> Answer | None:
    """What the first line of the browser's request says; None for anything but our callback."""
    parts = line.decode("latin-1").split(" ")
    if len(parts) < 2 or parts[0] != "GET" or urlsplit(parts[1]).path != "/oauth/callback":  # noqa: PLR2004
        return None
    query = parse_qs(urlsplit(parts[1]).query)
    return Answer(**{name: query.get(name, [""])[0] for name in ("state", "code", "error")})
