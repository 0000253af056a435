"""One portal for a module of tests, with every scope and limits out of the way."""

from collections.abc import Iterator

import pytest

from hubspot_simulator import DEFAULT_TOKEN, Portal, PortalConfig, Server, serve_in_thread
from hubspot_simulator.scopes import KNOWN_SCOPES

LOOSE = 1_000_000


@pytest.fixture(scope="module")
def served() -> Iterator[Server]:
    config = PortalConfig(
        scopes=tuple(sorted(KNOWN_SCOPES)),
        burst_per_10_s=LOOSE,
        oauth_burst_per_10_s=LOOSE,
        search_per_s=LOOSE,
        association_burst_per_10_s=LOOSE,
    )
    with serve_in_thread(Portal(config)) as server:
        yield server


@pytest.fixture
def known(served: Server) -> Portal:
    return served.portal


@pytest.fixture
def token() -> str:
    return DEFAULT_TOKEN
