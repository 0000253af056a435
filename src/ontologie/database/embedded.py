"""The PostgreSQL that comes with us: kept in the home folder, on loopback only, shared by all our processes.

Every process that uses it holds a shared OS lock on ``users.lock``; the last one to leave stops the server. A process
killed with -9 loses its lock with its life, so the server it left behind is adopted by the next one, or stopped by
``ontologie stop``. A pid in a file would prove nothing (inside a container pid 1 always lives).
"""

import asyncio
import contextlib
import fcntl
import os
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import IO

import msgspec
import psycopg
import structlog

from ontologie import tasks
from ontologie.clock import Clock
from ontologie.database import postmaster
from ontologie.database.server_tools import (
    MAJOR,
    OWNER,
    bound,
    free_port,
    in_words,
    initialise,
    not_started,
    programs,
    remembered_port,
    run_tool,
    service_account,
)
from ontologie.errors import OperatorError

DATABASE = "ontologie"
START_PATIENCE = timedelta(minutes=10)
"""Crash recovery may replay a lot of WAL; pg_ctl's own 10 s in the wheel's helper are not enough."""

_LOOK_EVERY = timedelta(seconds=1)
_STARTS = 3
_UNTIL_LOCKED = timedelta(seconds=3)

log = structlog.get_logger(__name__)


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """Which PostgreSQL. Another one than ours runs during an upgrade only, beside it."""

    major: int = MAJOR
    port_file: str = "port"
    folder: str = "data"
    """Another name until the data in it is whole: another version's, which is being upgraded, lies beside it."""


class EmbeddedServer:
    """The server of one home folder. ``url`` is valid between :meth:`acquire` and :meth:`release`."""

    def __init__(self, home: Path, clock: Clock, *, version: Version | None = None) -> None:
        self._version = version or Version()
        self._folder = home / "postgres"
        self._data = self._folder / f"{self._version.folder}-{self._version.major}"
        self._port = self._folder / self._version.port_file
        self._clock = clock
        self._membership: IO[str] | None = None

    @property
    def url(self) -> str:
        """The owner's URL, password included. Never log it."""
        port = self._port.read_text().strip()
        password = (self._folder / "password").read_text().strip()
        return f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/{DATABASE}"

    @property
    def _admin_url(self) -> str:
        return self.url.removesuffix(DATABASE) + "postgres"

    async def acquire(self) -> str:
        """Start or adopt the server and return its URL.

        Raises OperatorError when the folder is not writable, holds another PostgreSQL's data, or the server will not
        start.
        """
        for name in [name for name in os.environ if name.startswith("PG")]:
            del os.environ[name]  # libpq's, about some other server: PGSSLMODE=require and ours could not be reached
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            async with self._exclusive():
                stay = self.in_use()
                self._join()
                try:
                    await self._ensure_running(stay=stay)
                except BaseException:
                    self._leave()
                    if not self.in_use():
                        await self._undo_start()
                    raise
        except PermissionError as error:
            raise OperatorError(str(error), code="HOME_NOT_WRITABLE", path=str(self._folder.parent)) from error
        return self.url

    async def release(self) -> None:
        """Leave; stop the server when nobody else uses it."""
        if self._membership is None:
            return
        if not self._data.exists():
            self._leave()  # nothing to stop it by: it sees that within a minute, and ends
            return
        async with self._exclusive():
            self._leave()
            if not self.in_use() and self._alive():
                await self._stop()

    async def stop(self) -> bool:
        """Stop a server left behind. False when none runs, or when another process is using it."""
        if not self._data.exists():
            return False
        async with self._exclusive():
            if self.in_use() or not await self._answers():
                return False
            await self._stop()
        return True

    def in_use(self) -> bool:
        """Another process is inside; ask while we are not."""
        with (self._folder / "users.lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    async def shut_down(self) -> None:
        """Stop the server, whoever else uses it, and leave."""
        async with self._exclusive():
            if self._alive():
                await self._stop()
            self._leave()

    def alone(self) -> bool:
        """Keep everybody else out until we leave; False when another process is inside."""
        if self._membership is None:
            return False
        try:
            fcntl.flock(self._membership, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(self._membership, fcntl.LOCK_SH)
            return False
        return True

    @property
    def _programs(self) -> Path:
        return programs(self._version.major)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """The server's URL, and the server kept alive, for as long as we are inside."""
        url = await self.acquire()
        try:
            async with tasks.standing_on(self._keep()):
                yield url
        finally:
            await self.release()

    async def _keep(self) -> None:
        """Start the server again whenever it dies while we use it, on the same port, and keep its logs small.

        Raises OperatorError (DATABASE_GONE) when its folder is no longer there.
        """
        failed = 0
        while True:
            await self._clock.sleep(_LOOK_EVERY)
            try:
                if not (self._data / "PG_VERSION").exists():
                    raise OperatorError("the folder is gone", code="DATABASE_GONE", path=str(self._data))
                await self._look_after(first=failed == 0)
                failed = 0
            except (OperatorError, OSError) as error:  # its port is taken, it cannot recover, the disk is full
                if not self._data.exists():
                    raise OperatorError(str(error), code="DATABASE_GONE", path=str(self._data)) from None
                failed += 1
                if failed.bit_count() == 1:  # the first, second, fourth, eighth time: we go on trying
                    log.error("database_not_restarted", times=failed, **in_words(error))

    async def _look_after(self, *, first: bool) -> None:
        bound(self._folder)
        if self._alive():
            return
        if first:
            log.warning("database_died", folder=str(self._data))
        async with self._exclusive():
            if not await self._answers():
                await self._start(stay=True)
        log.info("database_restarted", folder=str(self._data))

    @contextlib.asynccontextmanager
    async def _exclusive(self) -> AsyncIterator[None]:
        with (self._folder / "start.lock").open("a") as handle:
            # In a thread: another process may hold it through a recovery of minutes.
            await asyncio.to_thread(fcntl.flock, handle, fcntl.LOCK_EX)
            yield

    def _alive(self) -> bool:
        """The postmaster's port is bound. Cheaper than a connection, and true while it recovers."""
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", remembered_port(self._port))) == 0

    def _join(self) -> None:
        self._membership = (self._folder / "users.lock").open("a")
        fcntl.flock(self._membership, fcntl.LOCK_SH)

    def _leave(self) -> None:
        if self._membership is not None:
            self._membership.close()
            self._membership = None

    async def _ensure_running(self, *, stay: bool) -> None:
        for other in self._folder.glob(f"{self._version.folder}-*"):
            if other != self._data and not self._data.exists():
                raise OperatorError(f"found {other}", code="DATA_OTHER_POSTGRES", path=str(other), major=MAJOR)
        if not (self._data / "PG_VERSION").exists():
            await tasks.in_thread(initialise, self._programs, self._folder, self._data)
            log.info("database_initialised", folder=str(self._data))
        if not await self._answers():
            await self._start(stay=stay)
        await self._create_database()

    async def _start(self, *, stay: bool) -> None:
        """``stay``: on the port that others know already."""
        port = free_port(self._port, stay=stay)
        server_log = self._folder / "server.log"
        server_log.touch(mode=0o600)
        account = service_account()
        if account is not None:
            os.chown(server_log, account.pw_uid, account.pw_gid)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200"
        options += " -c timezone=UTC -c log_timezone=UTC -c max_wal_size=4GB -c shared_buffers=256MB"
        command = [str(self._programs / "pg_ctl"), "start", "-W", "-s", "-D", str(self._data), "-l", str(server_log)]
        for attempt in range(_STARTS):  # right after kill -9 the old one's backends may still be leaving
            await asyncio.to_thread(postmaster.clear_stale_lock, self._data)
            await tasks.in_thread(run_tool, [*command, "-o", options], self._folder)
            if await self._wait_until_ready(last=attempt == _STARTS - 1):
                return

    async def _wait_until_ready(self, *, last: bool) -> bool:
        deadline = self._clock.monotonic() + START_PATIENCE.total_seconds()
        seen = self._clock.monotonic()
        while self._clock.monotonic() < deadline:
            if await self._answers():
                return True
            if (self._data / "postmaster.pid").exists() and postmaster.holders(self._data) != []:
                seen = self._clock.monotonic()
            elif self._clock.monotonic() - seen > 2:  # noqa: PLR2004 - seconds without a postmaster: it gave up
                break
            await self._clock.sleep(timedelta(milliseconds=30))
        if last:
            raise not_started(self._folder / "server.log")
        return False

    async def _answers(self) -> bool:
        if not remembered_port(self._port):
            return False
        try:
            connection = await psycopg.AsyncConnection.connect(self._admin_url, connect_timeout=2)
        except psycopg.OperationalError:
            return False
        await connection.close()
        return True

    async def _undo_start(self) -> None:
        """What pg_ctl has just started may not even have written its lock yet."""
        deadline = self._clock.monotonic() + _UNTIL_LOCKED.total_seconds()
        while self._clock.monotonic() < deadline:
            if (self._data / "postmaster.pid").exists():
                await self._stop()
                break
            await self._clock.sleep(timedelta(milliseconds=30))

    async def _create_database(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._admin_url, autocommit=True) as connection:
            found = await connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if await found.fetchone() is None:
                await connection.execute(f'CREATE DATABASE "{DATABASE}"'.encode())

    async def _stop(self) -> None:
        command = [str(self._programs / "pg_ctl"), "stop", "-s", "-m", "fast", "-t", "60", "-D", str(self._data)]
        try:
            await tasks.in_thread(run_tool, command, self._folder)
        except OperatorError:
            if await self._answers():
                raise  # else it was killed from outside this moment: it is as stopped as can be
