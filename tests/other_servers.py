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


@contextlib.contextmanager
def external(major: int) -> Iterator[str]:
    """A database of an operator's own server of this version, with another owner than ours."""
    programs = binaries(major)
    if programs is None:
        pytest.skip(f"needs PostgreSQL {major}: apt-get install postgresql-{major}")
    with tempfile.TemporaryDirectory(prefix="ontologie-external-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        data, log = folder / "data", folder / "server.log"
        data.mkdir()
        log.touch()
        (folder / "secret").write_text("pass word/'1")
        account = service_account()
        if account is not None:
            for path in (data, log, folder / "secret"):
                os.chown(path, account.pw_uid, account.pw_gid)
        port = free_port(folder / "port")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        secret = f"--pwfile={folder / 'secret'}"
        made = ["-D", str(data), "-U", "dba", "-A", "scram-sha-256", secret, "-E", "UTF8", "--no-locale"]
        run_tool([str(programs / "initdb"), *made], folder)
        began = ["start", "-w", "-s", "-D", str(data), "-l", str(log), "-o", options]
        run_tool([str(programs / "pg_ctl"), *began], folder)
        try:
            url = f"postgresql://dba:pass%20word%2F%271@127.0.0.1:{port}"
            with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE crm")
            yield f"{url}/crm"
        finally:
            run_tool([str(programs / "pg_ctl"), "stop", "-s", "-m", "fast", "-D", str(data)], folder)


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
