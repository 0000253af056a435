"""OAuth from the terminal: the command shows an address, a browser goes there, the command goes on."""

import urllib.request
from collections.abc import Callable

from hubspot_simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Portal
from tests.installation import Installation
from tests.watching import free_port

Start = Callable[..., tuple[Portal, str]]


def authorized(installation: Installation, *arguments: str) -> str:
    """Run the command and be its browser; what it says in the end."""
    process = installation.begin(
        *arguments, "--oauth", "--client-id", DEFAULT_CLIENT_ID, "--client-secret-env", "APP_SECRET",
        "--callback-port", str(free_port()), APP_SECRET=DEFAULT_CLIENT_SECRET,
    )  # fmt: skip
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1"), process.communicate()[1]
    with urllib.request.urlopen(address) as page:
        assert b"this window can be closed" in page.read()
    out, errors = process.communicate(timeout=60)
    assert DEFAULT_CLIENT_SECRET not in out + errors
    return out + errors


def test_a_source_is_added_from_the_terminal(installation: Installation, portal: Start) -> None:
    made, url = portal(contacts=4)
    made.accounts.switch(consent="grant")
    said = authorized(
        installation, "source", "add", "hubspot", "--name", "terminal", "--api-url", url, "--frequency", "manual",
        "--streams", "contacts",
    )  # fmt: skip
    assert "contacts: 4 records" in said
    assert "Added terminal" in said
    made.accounts.uninstall(DEFAULT_CLIENT_ID, made)
    assert "has been uninstalled" in installation.run("doctor", "terminal", expect=4)
    assert "connected again" in authorized(installation, "source", "reconnect", "terminal")
    installation.run("source", "remove", "terminal", "--with-data", "--yes")


def test_a_refused_reconnection_and_another_key_leave_the_source_as_it_was(
    installation: Installation, portal: Start
) -> None:
    made, url = portal(contacts=4)
    made.accounts.switch(consent="refuse")
    installation.add("kept", url, "--streams", "contacts")
    assert "refused on HubSpot's page" in authorized(installation, "source", "reconnect", "kept")
    assert "sealed with the new key" in installation.run("secrets", "rotate")
    installation.run("sync", "kept")
    installation.run("source", "remove", "kept", "--with-data", "--yes")
