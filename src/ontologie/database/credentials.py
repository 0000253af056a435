"""Sealed credentials of sources and drafts, replaced under a row lock so that two workers never refresh one token."""

import contextlib
from collections.abc import AsyncIterator

from ontologie.database import queries, rotation
from ontologie.database.pool import Connection, Pool
from ontologie.database.vault import Vault
from ontologie.errors import AuthorizationLost
from ontologie.model.credentials import Credentials, from_text, to_text


class SourceCredentials:
    """A source's, in the table ``credentials``. See :class:`ontologie.httpclient.tokens.CredentialKeeper`."""

    _queries = "credentials"

    def __init__(self, pool: Pool, vault: Vault, owner_id: int) -> None:
        self._pool = pool
        self._vault = vault
        self._owner_id = owner_id

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._owner_id})"

    async def read(self) -> Credentials:
        """Raises AuthorizationLost where there are none, OperatorError (SECRET_KEY_WRONG)."""
        async with self._pool.connection() as connection:
            return self._opened(await queries.fetch_one(connection, self._queries, "sealed", id=self._owner_id))

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator["Held"]:
        """Locked until the end of the block, which commits. Raises as :meth:`read` does."""
        async with self._pool.connection() as connection, connection.transaction():
            row = await queries.fetch_one(connection, self._queries, "sealed_for_update", id=self._owner_id)
            yield Held(self, connection, self._opened(row))

    async def save(self, connection: Connection, credentials: Credentials) -> None:
        """Seal and keep. Within a transaction."""
        await rotation.share(connection)
        sealed = self._vault.seal(self._associated(), to_text(credentials))
        await queries.execute(connection, self._queries, "seal", id=self._owner_id, sealed=sealed)

    def _opened(self, row: dict[str, object] | None) -> Credentials:
        sealed = row["sealed"] if row else None
        if not isinstance(sealed, bytes):
            raise AuthorizationLost(f"no credentials of {self!r}")
        return from_text(self._vault.open(self._associated(), sealed))

    def _associated(self) -> int | str:
        return self._owner_id


class DraftCredentials(SourceCredentials):
    """Those of a draft, which become a source's when it is finished."""

    _queries = "drafts"

    def _associated(self) -> str:
        return f"draft {self._owner_id}"


class Held:
    """See :class:`ontologie.httpclient.tokens.HeldCredentials`."""

    def __init__(self, keeper: SourceCredentials, connection: Connection, credentials: Credentials) -> None:
        self._keeper = keeper
        self._connection = connection
        self.credentials = credentials

    async def replace(self, credentials: Credentials) -> None:
        await self._keeper.save(self._connection, credentials)
        self.credentials = credentials
