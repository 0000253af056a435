"""Asking a running process over HTTP, as what watches it does."""

import contextlib
import itertools
import os
import socket
import urllib.error
import urllib.request

_FIRST = 11_000 + os.getpid() * 50 % 4_000
_PORTS = itertools.cycle(range(_FIRST, _FIRST + 50))
"""Other ones for each process of tests. Not those that the system gives to whoever asks for any and to connections
(from 32,768), nor our database servers' (from 15,000): one of them could be given away before it is listened on.
Some below 11,000 Chromium does not open: to it they are another protocol's."""


def get(url: str, token: str = "") -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def free_port() -> int:
    """A port that nobody else takes before it is listened on."""
    for port in _PORTS:
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("the ports never end")
