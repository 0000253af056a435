"""The PostgreSQL that comes with us, for tests of what stands on it."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer


@contextmanager
def embedded(name: str) -> Iterator[tuple[Path, EmbeddedServer]]:
    """A home folder and its server, kept up by us. It need not wait for the disk.

    What was committed still outlives a kill of any process, the server's own too: the system has it by then. Only a
    machine that goes away would lose it.
    """
    # Not in pytest's own folder: to that pytest locks out other accounts again with each session.
    with tempfile.TemporaryDirectory(prefix=f"ontologie-{name}-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # run by root, the server has an account of its own
        server = EmbeddedServer(home, SystemClock())
        url = asyncio.run(server.acquire())
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")
            yield home, server
        finally:
            asyncio.run(server.release())
