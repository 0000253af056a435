"""Connecting an account, or reconnecting one: the wizard's steps, each kept so that it can be gone on with later."""

from datetime import timedelta

import msgspec

from ontologie.database import drafts, rotation
from ontologie.database.credentials import DraftCredentials
from ontologie.errors import UsageError
from ontologie.model.credentials import OAuthClient, TokenCredentials
from ontologie.model.discovery import Discovery
from ontologie.model.draft import Choices, Draft
from ontologie.model.schema import Property
from ontologie.model.source import Source
from ontologie.model.user import Role
from ontologie.services import accounts, discovery, entities
from ontologie.services import sources as sources_service
from ontologie.services.context import Context

_DRAFT_LIFE = timedelta(days=7)
"""Of a draft that nobody touches; it holds credentials."""


async def begin(context: Context, connector: str, *, api_url: str = sources_service.HUBSPOT_API) -> Draft:
    """A new wizard. Raises UsageError (CONNECTOR_UNKNOWN, API_HOST_REFUSED)."""
    context.require(Role.ADMIN)
    sources_service.connector_of(context, connector)
    accounts.check_api_url(context, api_url)
    return await _insert(context, connector, Choices(api_url=api_url), source_id=None)


async def begin_again(context: Context, name: str) -> Draft:
    """A wizard that gives a source other credentials of the same account. Raises UsageError (SOURCE_UNKNOWN)."""
    context.require(Role.ADMIN)
    source = await sources_service.find(context, name)
    choices = Choices(
        name=source.name,
        api_url=source.api_url,
        streams=source.streams,
        sensitive=source.sensitive,
        hard_delete=source.hard_delete,
        frequency=source.frequency,
    )
    return await _insert(context, source.connector, choices, source_id=source.id)


async def find(context: Context, draft_id: int) -> Draft:
    """The draft, if it is the actor's own. Raises UsageError (DRAFT_UNKNOWN)."""
    context.require(Role.ADMIN)
    async with context.pool.connection() as connection:
        draft = await drafts.by_id(connection, draft_id, _owner(context))
    if draft is None:
        raise UsageError(str(draft_id), code="DRAFT_UNKNOWN")
    return draft


async def unfinished(context: Context) -> list[Draft]:
    """The actor's drafts, the last touched first."""
    context.require(Role.ADMIN)
    async with context.pool.connection() as connection:
        return await drafts.of_user(connection, _owner(context))


async def give_token(context: Context, draft_id: int, token: str) -> Draft:
    """Keep a pasted token, sealed; it is never shown again. Raises UsageError (HUBSPOT_TOKEN_MALFORMED)."""
    draft = await find(context, draft_id)
    token = token.strip()
    sources_service.connector_of(context, draft.connector).check_token(token)
    async with context.pool.connection() as connection, connection.transaction():
        await credentials_of(context, draft).save(connection, TokenCredentials(token=token))
        await drafts.credentials_changed(connection, draft.id, "token", context.clock.now())
    return await find(context, draft_id)


async def give_client(context: Context, draft_id: int, client: OAuthClient) -> Draft:
    """Keep an OAuth app of the user's own, sealed. Raises UsageError (OAUTH_CLIENT_MALFORMED)."""
    draft = await find(context, draft_id)
    client = OAuthClient(client_id=client.client_id.strip(), client_secret=client.client_secret.strip())
    if not all(text.isascii() and text.isprintable() and text for text in (client.client_id, client.client_secret)):
        raise UsageError("malformed client", code="OAUTH_CLIENT_MALFORMED")
    text = msgspec.json.encode(client).decode()
    async with context.pool.connection() as connection, connection.transaction():
        await rotation.share(connection)
        sealed = context.vault.seal(f"client of draft {draft.id}", text)
        await drafts.seal_client(connection, draft.id, sealed)
    return await find(context, draft_id)


async def client_of(context: Context, draft: Draft) -> OAuthClient | None:
    """The user's own OAuth app, where one was given."""
    context.require(Role.ADMIN)
    async with context.pool.connection() as connection:
        sealed = await drafts.sealed_client(connection, draft.id)
    if sealed is None:
        return None
    return msgspec.json.decode(context.vault.open(f"client of draft {draft.id}", sealed), type=OAuthClient)


async def test(context: Context, draft_id: int) -> Discovery:
    """Whose account it is and what can be read of it, within 5 seconds; kept in the draft.

    Raises what :func:`ontologie.services.discovery.discover` does, and ActionRequired (HUBSPOT_OTHER_PORTAL) where
    a source of another account is being reconnected.
    """
    draft = await find(context, draft_id)
    connector = sources_service.connector_of(context, draft.connector)
    found = await discovery.discover(context, connector, draft.choices.api_url, credentials_of(context, draft))
    if draft.source_id is not None:
        accounts.check_same_portal(await sources_service.find(context, draft.choices.name), found.account)
    async with context.pool.connection() as connection:
        await drafts.discovered(connection, draft.id, found, context.clock.now())
    return found


async def properties(context: Context, draft_id: int, object_type: str) -> tuple[Property, ...]:
    """The properties of one object type, to choose those to leave out. Raises as :func:`test` does, and UsageError
    (STREAM_UNKNOWN)."""
    draft = await find(context, draft_id)
    connector = sources_service.connector_of(context, draft.connector)
    offered = (*connector.streams, *connector.find_streams([object_type]))
    known = [kind for stream in offered for kind in stream.object_types]
    if object_type not in known:
        raise UsageError(object_type, code="STREAM_UNKNOWN", stream=object_type, known=", ".join(known))
    return await discovery.properties(
        context, connector, draft.choices.api_url, credentials_of(context, draft), object_type
    )


async def choose(context: Context, draft_id: int, choices: Choices) -> Draft:
    """Keep what was chosen so far. The address stays what it was: credentials were given for it."""
    draft = await find(context, draft_id)
    choices = msgspec.structs.replace(choices, api_url=draft.choices.api_url)
    async with context.pool.connection() as connection:
        await drafts.choose(connection, draft.id, choices, context.clock.now())
    return await find(context, draft_id)


async def finish(context: Context, draft_id: int) -> Source:
    """Make the source, or reconnect it, link its streams to entities, and forget the draft.

    Raises UsageError for what was chosen wrongly; the draft then stays.
    """
    draft = await find(context, draft_id)
    credentials = await credentials_of(context, draft).read()
    if draft.source_id is not None:
        source = await sources_service.reconnect(context, draft.choices.name, credentials)
    else:
        chosen = draft.choices
        plan = sources_service.SourcePlan(
            name=chosen.name,
            connector=draft.connector,
            api_url=chosen.api_url,
            streams=chosen.streams,
            excluded=chosen.excluded,
            sensitive=chosen.sensitive,
            hard_delete=chosen.hard_delete,
            frequency=chosen.frequency,
            called=draft.discovery.called() if draft.discovery else {},
        )
        source = await sources_service.connect(context, plan, credentials)
    if draft.choices.entities:
        await entities.link(context, source.name, draft.choices.entities)
    await discard(context, draft_id)
    return source


async def discard(context: Context, draft_id: int) -> None:
    """Forget the draft with its credentials."""
    draft = await find(context, draft_id)
    async with context.pool.connection() as connection:
        await drafts.delete(connection, draft.id)


async def suggested_name(context: Context, draft: Draft) -> str:
    """A name for the source that is not taken yet, from the account's own name."""
    context.require(Role.ADMIN)
    account = draft.discovery.account if draft.discovery else None
    words = (account.name or account.domain.partition(".")[0]) if account else ""
    base = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in words.lower()).strip("-")
    base = base[:30].lstrip("-0123456789") or draft.connector
    taken = {source.name for source in await sources_service.every(context)}
    return next(name for number in range(1, len(taken) + 2) if (name := _numbered(base, number)) not in taken)


def credentials_of(context: Context, draft: Draft) -> DraftCredentials:
    """Where the draft's credentials are kept."""
    return DraftCredentials(context.pool, context.vault, draft.id)


async def _insert(context: Context, connector: str, choices: Choices, *, source_id: int | None) -> Draft:
    now = context.clock.now()
    async with context.pool.connection() as connection:
        await drafts.forget_old(connection, now - _DRAFT_LIFE)
        return await drafts.insert(
            connection, connector, choices, user_id=_owner(context), source_id=source_id, now=now
        )


def _owner(context: Context) -> int | None:
    """The system is no row of the table of users."""
    return context.actor.id or None


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"
