"""Connections to PostgreSQL, all in UTC, all seeing our control schema first."""

import contextlib
import re
import select
from collections.abc import AsyncIterator, Iterator
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from ontologie import tasks
from ontologie.errors import OntologieError, OperatorError, RetryLater, StoreUnreachable

CONTROL_SCHEMA = "ontologie"
Connection = psycopg.AsyncConnection[DictRow]
_AWAY = ("08", "57P", "53300")
"""Beginnings of the SQLSTATEs that say the server is away or full, not that a statement was wrong."""

OPTIONS: dict[str, Any] = {
    # A process killed in the middle of COPY leaves a backend that holds its locks until TCP gives up.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "connect_timeout": 5,
    "options": f"-c search_path={CONTROL_SCHEMA} -c timezone=UTC",
}
"""How every connection of ours is made."""

_PATIENCE = "-c lock_timeout=30s"
"""Somebody else's transaction may hold a table of ours for hours: a run that says so is better than one that hangs."""
LEAVING_PATIENCE_S = 1.0
"""Who leaves while the database is away does not wait long for a connection at each step: noted, released, closed."""
_REASON_MOST = 200
_ASK_AGAIN_WITHIN_S = 5.0


class StatementTimedOut(RetryLater):
    """A statement took longer than whoever asked would wait."""

    default_code = "STORE_UNREACHABLE"


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn psycopg's errors into ours: the seam that no psycopg exception crosses."""
    try:
        yield
    except psycopg.errors.DiskFull as error:
        raise OperatorError(str(error), code="DISK_NEARLY_FULL") from error
    except psycopg.errors.LockNotAvailable as error:
        raise RetryLater(str(error), code="STORE_LOCKED") from error
    except psycopg.errors.QueryCanceled as error:
        raise StatementTimedOut(str(error)) from error
    except (psycopg.InterfaceError, PoolTimeout) as error:
        raise StoreUnreachable(str(error)) from error
    except psycopg.OperationalError as error:
        if error.sqlstate is None or error.sqlstate.startswith(_AWAY):
            raise StoreUnreachable(str(error)) from error
        raise RetryLater(str(error), code="STORE_UNREACHABLE") from error
    except psycopg.Error as error:
        raise OntologieError(f"{type(error).__name__}: {error}") from error


class Pool(AsyncConnectionPool[Connection]):
    """Connections to borrow. What psycopg raises while one is borrowed leaves as an error of ours."""

    @contextlib.asynccontextmanager
    async def connection(self, timeout: float | None = None) -> AsyncIterator[Connection]:  # noqa: ASYNC109 - the pool's own
        with translated(), tasks.kept() as check:
            async with super().connection(timeout) as connection:
                check()
                yield connection


async def fetch(connection: Connection, statement: sql.Composed) -> list[dict[str, Any]]:
    """All rows of a statement that is built where it is used."""
    with translated():
        return await (await connection.execute(statement)).fetchall()


def check_address(url: str) -> None:
    """Raises OperatorError (DATABASE_ADDRESS_MALFORMED). libpq's own reason quotes parts of it, a password perhaps."""
    try:
        psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise OperatorError("no address of a PostgreSQL", code="DATABASE_ADDRESS_MALFORMED") from None


async def connect(url: str) -> Connection:
    """One connection of its own, for LISTEN and for DDL. Raises OperatorError where nothing answers."""
    check_address(url)
    try:
        return await psycopg.AsyncConnection.connect(url, autocommit=True, row_factory=dict_row, **OPTIONS)
    except psycopg.OperationalError as error:
        told = _without_password(str(error), url)
        raise OperatorError(told, code="DATABASE_UNREACHABLE", reason=_reason(told)) from error


def reconnecting() -> dict[str, Any]:
    """Arguments of a pool that finds a server which was away within seconds of its return, however long it was.

    By itself a pool doubles its pause after each attempt for five minutes, and then waits until somebody asks.
    """

    async def begin_anew(pool: AsyncConnectionPool[Any]) -> None:
        await pool.check()  # begins an attempt where there is no connection, with the shortest pause after it

    return {"reconnect_timeout": _ASK_AGAIN_WITHIN_S, "reconnect_failed": begin_anew}


@contextlib.asynccontextmanager
async def open_pool(url: str, *, size: int, least: int = 1) -> AsyncIterator[Pool]:
    """A pool whose connections commit by themselves unless a transaction is opened; ``least`` are kept open."""
    pool = Pool(
        url,
        min_size=least,
        max_size=size,
        open=False,
        kwargs={**OPTIONS, "options": f"{OPTIONS['options']} {_PATIENCE}", "autocommit": True, "row_factory": dict_row},
        check=_still_there,
        **reconnecting(),
        name="ontologie",
    )
    await pool.open()
    try:
        yield pool
    finally:
        await pool.close()


async def _still_there(connection: Connection) -> None:
    """Asks the server only where something has come that nobody waits for: as a rule that is the connection's end.

    Asked with each loan, that question was a quarter of all that a run without news sends. Raises psycopg's error when
    the connection is gone.
    """
    arrived = select.poll()
    arrived.register(connection.fileno(), select.POLLIN)
    if arrived.poll(0):
        await Pool.check_connection(connection)


def _reason(told: str) -> str:
    """The last of libpq's reasons in one line: of several addresses it tries each, and says why it left it."""
    lines = [line.strip() for line in told.splitlines() if " failed: " in line or "FATAL:" in line] or [told.strip()]
    return re.sub(r"^.*(?: failed: |FATAL:\s+)", "", lines[-1]).rstrip(".")[:_REASON_MOST] or "–"


def _without_password(text: str, url: str) -> str:
    password = psycopg.conninfo.conninfo_to_dict(url).get("password")
    return text.replace(str(password), "***") if password else text
