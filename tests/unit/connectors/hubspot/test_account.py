"""Whose account it is, as far as its own answer can be used."""

import msgspec

from ontologie.clock import SystemClock
from ontologie.connectors.contract import SessionTerms
from ontologie.connectors.hubspot.lists import UrlLimit
from ontologie.connectors.hubspot.session import HubSpotSession
from ontologie.connectors.hubspot.wire import TokenInfo
from tests.unit.connectors.hubspot.servers import client_of, vendor
from tests.unit.httpclient.doubles import answer


class Somebody:
    async def describe(self) -> TokenInfo:
        return TokenInfo(hub_id=7)

    def joined(self, portal_id: int, app_id: int | None) -> None:
        """Nobody counts here."""


async def test_a_time_zone_that_nobody_knows_keeps_no_account_out() -> None:
    client, _ = client_of(lambda _: answer(body=msgspec.json.encode({"portalId": 7, "timeZone": "Mars/Olympus"})))
    session = HubSpotSession(
        client,
        SystemClock(),
        vendor=vendor(client.scheduler),
        identity=Somebody(),
        terms=SessionTerms(),
        url_limit=UrlLimit(),
    )
    assert (await session.account()).time_zone == "UTC"
