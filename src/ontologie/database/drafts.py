"""The table of sources being connected, and the trips to a consent page."""

from datetime import datetime
from typing import Any

import msgspec

from ontologie.database import queries
from ontologie.database.digest import digest
from ontologie.database.pool import Connection
from ontologie.model.discovery import Discovery
from ontologie.model.draft import Choices, Draft


class Authorization(msgspec.Struct, frozen=True, kw_only=True):
    """A trip to the consent page, now used up."""

    session_hash: bytes
    draft_id: int
    sealed: bytes
    expires_at: datetime


async def insert(
    connection: Connection,
    connector: str,
    choices: Choices,
    *,
    user_id: int | None,
    source_id: int | None,
    now: datetime,
) -> Draft:
    row = await queries.fetch_one(
        connection,
        "drafts",
        "insert",
        user_id=user_id,
        connector=connector,
        source_id=source_id,
        choices=queries.as_json(choices),
        now=now,
    )
    return _draft(row or {})


async def of_user(connection: Connection, user_id: int | None) -> list[Draft]:
    """The last touched first."""
    return [_draft(row) for row in await queries.fetch_all(connection, "drafts", "of_user", user_id=user_id)]


async def by_id(connection: Connection, draft_id: int, user_id: int | None) -> Draft | None:
    """None also where it is somebody else's."""
    row = await queries.fetch_one(connection, "drafts", "by_id", id=draft_id, user_id=user_id)
    return None if row is None else _draft(row)


async def choose(connection: Connection, draft_id: int, choices: Choices, now: datetime) -> None:
    await queries.execute(connection, "drafts", "choose", id=draft_id, choices=queries.as_json(choices), now=now)


async def discovered(connection: Connection, draft_id: int, discovery: Discovery, now: datetime) -> None:
    await queries.execute(
        connection, "drafts", "discovered", id=draft_id, discovery=queries.as_json(discovery), now=now
    )


async def credentials_changed(connection: Connection, draft_id: int, via: str, now: datetime) -> None:
    """What was found with other credentials counts no more."""
    await queries.execute(connection, "drafts", "credentials_changed", id=draft_id, via=via, now=now)


async def delete(connection: Connection, draft_id: int) -> None:
    await queries.execute(connection, "drafts", "delete", id=draft_id)


async def forget_old(connection: Connection, before: datetime) -> None:
    """Drafts that nobody has touched since, with their credentials."""
    await queries.execute(connection, "drafts", "forget_old", before=before)


async def seal_client(connection: Connection, draft_id: int, sealed: bytes) -> None:
    await queries.execute(connection, "drafts", "seal_client", id=draft_id, sealed=sealed)


async def sealed_client(connection: Connection, draft_id: int) -> bytes | None:
    row = await queries.fetch_one(connection, "drafts", "sealed_client", id=draft_id)
    return None if row is None or row["sealed_client"] is None else bytes(row["sealed_client"])


async def begin_authorization(
    connection: Connection, state: str, session: str, *, draft_id: int, sealed: bytes, expires_at: datetime
) -> None:
    """Note a trip; state and session are kept as hashes."""
    await queries.execute(
        connection,
        "drafts",
        "begin_authorization",
        state_hash=digest(state),
        session_hash=digest(session),
        draft_id=draft_id,
        sealed=sealed,
        expires_at=expires_at,
    )


async def take_authorization(connection: Connection, state: str) -> Authorization | None:
    """Use a trip up: the second answer to it finds none."""
    row = await queries.fetch_one(connection, "drafts", "take_authorization", state_hash=digest(state))
    return None if row is None else msgspec.convert(row, Authorization)


async def forget_authorizations(connection: Connection, before: datetime) -> None:
    await queries.execute(connection, "drafts", "forget_authorizations", before=before)


def _draft(row: dict[str, Any]) -> Draft:
    return msgspec.convert({**row, "has_client": row["sealed_client"] is not None}, Draft)
