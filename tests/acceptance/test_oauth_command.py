"""OAuth from the terminal: the command shows an address, a browser goes there, the command goes on."""

import urllib.request
from collections.abc import Callable

from hubspot_simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_TOKEN, Portal
from tests.installation import Installation

Start = Callable[..., tuple[Portal, str]]


def authorized(installation: Installation, *arguments: str) -> str:
    """Run the command and be its browser; what it says in the end."""
    process = installation.begin(
        *arguments, "--oauth", "--client-id", DEFAULT_CLIENT_ID, "--client-secret-env", "APP_SECRET",
        "--callback-port", "38652", APP_SECRET=DEFAULT_CLIENT_SECRET,
    )  # fmt: skip
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1"), process.communicate()[1]
    with urllib.request.urlopen(address) as page:
        assert b"this window can be closed" in page.read()
    out, errors = process.communicate(timeout=60)
    assert DEFAULT_CLIENT_SECRET not in out + errors
    return out + errors


def test_a_source_is_added_and_connected_again_from_the_terminal(installation: Installation, portal: Start) -> None:
    made, url = portal(contacts=4)
    made.accounts.switch(consent="grant")
    said = authorized(
        installation, "source", "add", "hubspot", "--name", "terminal", "--api-url", url, "--frequency", "manual",
        "--streams", "contacts",
    )  # fmt: skip
    assert "contacts: 4 records" in said
    assert "Added terminal" in said
    installation.run("sync", "terminal")
    made.accounts.uninstall(DEFAULT_CLIENT_ID, made)
    assert "no longer accepts" in installation.run("doctor", "terminal", expect=4)
    assert "connected again" in authorized(installation, "source", "reconnect", "terminal")
    assert "portal" in installation.run("doctor", "terminal")
    installation.run("source", "reconnect", "terminal", "--token-env", "TOKEN", TOKEN=DEFAULT_TOKEN)
    made.accounts.switch(consent="refuse")
    assert "refused on HubSpot's page" in authorized(installation, "source", "reconnect", "terminal")
    installation.run("sync", "terminal")  # what was there still is
    installation.run("secrets", "rotate")
    installation.run("sync", "terminal")
    installation.run("source", "remove", "terminal", "--with-data", "--yes")
