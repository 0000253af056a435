"""Portals in which people work all the time."""

import threading
from collections.abc import Iterable
from typing import Self

from hubspot_simulator import Portal

_EVENTS_AT_A_TIME = 3
_EVERY_S = 2.0


class Living:
    """Plays each portal's script of random events, a few at a time, while we are inside."""

    def __init__(self, portals: Iterable[Portal]) -> None:
        self._portals = list(portals)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _live(self) -> None:
        while not self._over.wait(_EVERY_S):
            for portal in self._portals:
                portal.script.play(_EVENTS_AT_A_TIME)
