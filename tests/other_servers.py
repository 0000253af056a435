"""PostgreSQL servers that are not ours: an operator's own, and one that says it is older than it is."""

import contextlib
import os
import socket
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from ontologie.database.server_tools import binaries, free_port, run_tool, service_account


class External:
    """An operator's own server: a database of another owner than ours, which can go away and come back."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder = folder
        self._programs = programs
        self._port = free_port(folder / "port")
        self.url = f"postgresql://dba:pass%20word%2F%271@127.0.0.1:{self._port}/crm"

    def make(self) -> None:
        """The data folder, and the database in it."""
        data, log, secret = (self._folder / name for name in ("data", "server.log", "secret"))
        data.mkdir()
        log.touch()
        secret.write_text("pass word/'1")
        account = service_account()
        if account is not None:
            for path in (data, log, secret):
                os.chown(path, account.pw_uid, account.pw_gid)
        made = ["-D", str(data), "-U", "dba", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--no-locale"]
        run_tool([str(self._programs / "initdb"), "--no-sync", *made], self._folder)
        self.start()
        with psycopg.connect(self.url.removesuffix("crm") + "postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE crm")

    def start(self) -> None:
        """Up again, on the same port."""
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._control("start", "-w", "-l", str(self._folder / "server.log"), "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Away: ``fast`` ends its connections, ``immediate`` as a crash would."""
        self._control("stop", "-m", mode)

    def _control(self, *words: str) -> None:
        program = str(self._programs / "pg_ctl")
        run_tool([program, *words, "-s", "-D", str(self._folder / "data")], self._folder)


@contextlib.contextmanager
def external_server(major: int) -> Iterator[External]:
    """An operator's own server of this version, running."""
    programs = binaries(major)
    if programs is None:
        pytest.skip(f"needs PostgreSQL {major}: apt-get install postgresql-{major}")
    with tempfile.TemporaryDirectory(prefix="ontologie-external-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = External(folder, programs)
        server.make()
        try:
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def external(major: int) -> Iterator[str]:
    """A database of an operator's own server of this version, with another owner than ours."""
    with external_server(major) as server:
        yield server.url


@contextlib.contextmanager
def aged(url: str, *, says: bytes) -> Iterator[str]:
    """The same database, whose server gives itself out as the version ``says`` (as many bytes as its own).

    Debian has no PostgreSQL that is too old for us; what a client knows of a server's age is what it says at login.
    """
    parts = urlsplit(url)
    with psycopg.connect(url) as connection:
        own = (connection.info.parameter_status("server_version") or "").encode()[: len(says)]

    class Relay(socketserver.BaseRequestHandler):
        """One connection, both ways."""

        def handle(self) -> None:
            with socket.create_connection((str(parts.hostname), int(parts.port or 0))) as server:
                back = threading.Thread(target=_pump, args=(server, self.request, own, says))
                back.start()
                _pump(self.request, server, own, says)
                back.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Relay) as listening:
        threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}).start()
        yield url.replace(f":{parts.port}/", f":{listening.server_address[1]}/")
        listening.shutdown()


def _pump(source: socket.socket, target: socket.socket, own: bytes, says: bytes) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(1 << 16):
            target.sendall(chunk.replace(b"server_version\0" + own, b"server_version\0" + says))
        target.shutdown(socket.SHUT_WR)
