"""OAuth: the trip to the consent page and back, bound to the session of the browser that began it."""

import secrets
from datetime import timedelta
from urllib.parse import urlsplit

import msgspec

from ontologie.connectors.contract import AuthorizationRequest
from ontologie.database import drafts
from ontologie.database.digest import digest
from ontologie.errors import ActionRequired, UsageError
from ontologie.httpclient.tokens import GivenCredentials
from ontologie.model.address import on_this_machine
from ontologie.model.draft import Draft
from ontologie.model.user import Role
from ontologie.services import accounts, connecting, sources
from ontologie.services.context import Context

TRIP_LIFE = timedelta(minutes=10)
_LONGEST_REASON = 60


async def start(context: Context, draft_id: int, *, session: str, redirect_uri: str) -> str:
    """The address of the consent page, good for 10 minutes, for one answer to this session.

    Raises UsageError (OAUTH_REDIRECT_NOT_HTTPS), ActionRequired (OAUTH_CLIENT_MISSING).
    """
    draft = await connecting.find(context, draft_id)
    check_redirect_uri(redirect_uri)
    connector = sources.connector_of(context, draft.connector)
    own = await connecting.client_of(context, draft)
    client = own or connector.preconfigured_client()
    if client is None:
        raise ActionRequired("no OAuth app is set", code="OAUTH_CLIENT_MISSING")
    request = AuthorizationRequest(
        api_url=draft.choices.api_url,
        client=client,
        own_client=own is not None,
        redirect_uri=redirect_uri,
        state=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        streams=draft.choices.streams,
        portal_id=await _portal_of(context, draft),
    )
    now = context.clock.now()
    sealed = context.vault.seal(_owner(request.state), msgspec.json.encode(request).decode())
    async with context.pool.connection() as connection:
        await drafts.forget_authorizations(connection, now - TRIP_LIFE)
        await drafts.begin_authorization(
            connection, request.state, session, draft_id=draft.id, sealed=sealed, expires_at=now + TRIP_LIFE
        )
    return connector.consent_url(request)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the consent page sent back with the browser."""

    state: str
    code: str = ""
    error: str = ""

    def __repr__(self) -> str:
        return f"Answer({self.error or 'a code'})"


async def finish(context: Context, answer: Answer, *, session: str) -> Draft:
    """The draft, connected. The trip is used up, whatever comes of it.

    Raises UsageError (OAUTH_STATE_INVALID) for an answer to no trip of this session, a second answer included;
    ActionRequired for a refusal (OAUTH_CONSENT_REFUSED, OAUTH_SCOPES_REFUSED, OAUTH_REFUSED), an answer that came too
    late (OAUTH_STATE_EXPIRED) or another account than the source's (HUBSPOT_OTHER_PORTAL); AuthorizationLost,
    Unreachable. Nothing is kept then.
    """
    context.require(Role.ADMIN)
    async with context.pool.connection() as connection:
        trip = await drafts.take_authorization(connection, answer.state)
    if trip is None or not secrets.compare_digest(trip.session_hash, digest(session)):
        raise UsageError("an answer to no question of this session", code="OAUTH_STATE_INVALID")
    draft = await connecting.find(context, trip.draft_id)
    if trip.expires_at <= context.clock.now():
        raise ActionRequired("too late", code="OAUTH_STATE_EXPIRED")
    _check(answer)
    request = msgspec.json.decode(context.vault.open(_owner(answer.state), trip.sealed), type=AuthorizationRequest)
    connector = sources.connector_of(context, draft.connector)
    credentials = await connector.exchange(request, answer.code)
    keeper = GivenCredentials(credentials)
    if draft.source_id is not None:
        source = await sources.find(context, draft.choices.name)
        account = await accounts.account_behind(context, connector, request.api_url, keeper)
        accounts.check_same_portal(source, account)
    async with context.pool.connection() as connection, connection.transaction():
        await connecting.credentials_of(context, draft).save(connection, await keeper.read())
        await drafts.credentials_changed(connection, draft.id, "oauth", context.clock.now())
    return await connecting.find(context, draft.id)


def _check(answer: Answer) -> None:
    """The answer brings a code. What it brings instead is OAuth's own word for the reason (RFC 6749, 4.1.2.1)."""
    if answer.error == "invalid_scope":
        raise ActionRequired("refused", code="OAUTH_SCOPES_REFUSED")
    if answer.error and answer.error != "access_denied":
        status = answer.error[:_LONGEST_REASON]
        raise ActionRequired(status, code="OAUTH_REFUSED", status=status)
    if answer.error or not answer.code:
        raise ActionRequired("refused", code="OAUTH_CONSENT_REFUSED")


def check_redirect_uri(uri: str) -> None:
    """HubSpot sends codes to https, or to this machine. Raises UsageError (OAUTH_REDIRECT_NOT_HTTPS)."""
    scheme = urlsplit(uri).scheme
    if scheme != "https" and not (scheme == "http" and on_this_machine(uri)):
        raise UsageError(uri, code="OAUTH_REDIRECT_NOT_HTTPS", uri=uri)


async def _portal_of(context: Context, draft: Draft) -> int | None:
    if draft.source_id is None:
        return None
    source = await sources.find(context, draft.choices.name)
    return source.account.portal_id if source.account else None


def _owner(state: str) -> str:
    return f"authorization {digest(state).hex()}"
