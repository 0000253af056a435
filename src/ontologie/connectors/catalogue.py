"""Every connector there is: one folder and one line here; deleting both removes it."""

from collections.abc import Mapping

from ontologie.clock import Clock
from ontologie.connectors.contract import Connector
from ontologie.connectors.hubspot.connector import HubSpot
from ontologie.model.credentials import OAuthClient


def connectors(clock: Clock, oauth_clients: Mapping[str, OAuthClient]) -> Mapping[str, Connector]:
    """The connectors by name, each with the OAuth app that the operator has set for it, if any."""
    return {"hubspot": HubSpot(clock, oauth_clients.get("hubspot"))}
