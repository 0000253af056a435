"""Portals with hardly anything in them."""

import pytest

from hubspot_simulator import Portal, PortalConfig


@pytest.mark.parametrize("contacts", [0, 1, 2])
def test_a_portal_with_next_to_no_contacts_starts(contacts: int) -> None:
    portal = Portal(PortalConfig(contacts=contacts))
    assert sum(item.get("type") == "contacts" for item in portal.truth()) == contacts
