"""Every connector there is: one folder and one line here; deleting both removes it."""

from collections.abc import Mapping

from ontologie.clock import Clock
from ontologie.connectors.contract import Connector
from ontologie.connectors.hubspot.connector import HubSpot


def connectors(clock: Clock) -> Mapping[str, Connector]:
    """The connectors by name."""
    return {"hubspot": HubSpot(clock)}
