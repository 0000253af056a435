"""HubSpot's own Python client reads the simulated portal."""

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.contacts import PublicObjectSearchRequest

from hubspot_simulator import DEFAULT_TOKEN, Portal, serve_in_thread

pytestmark = pytest.mark.filterwarnings("default")  # the client's own warnings are not ours


@pytest.fixture
def client(portal: Portal) -> Iterator[Any]:
    with serve_in_thread(portal) as server:
        found = HubSpot(access_token=DEFAULT_TOKEN)
        found.config["host"] = server.url
        yield found


def _at(client: Any, api: Any) -> Any:
    api.api_client.configuration.host = client.config["host"]
    return api


def test_list_and_search(client: Any, portal: Portal) -> None:
    page = _at(client, client.crm.contacts.basic_api).get_page(limit=3, properties=["email"])
    assert [int(each.id) for each in page.results] == [portal.stores["contacts"].ids.of(i) for i in range(3)]
    assert page.results[0].updated_at.tzinfo is not None
    found = _at(client, client.crm.contacts.search_api).do_search(PublicObjectSearchRequest(limit=5, after="0"))
    assert (found.total, len(found.results)) == (500, 5)


def test_properties_pipelines_and_owners(client: Any, portal: Portal) -> None:
    properties = _at(client, client.crm.properties.core_api).get_all("contacts").results
    assert {each.name for each in properties} == set(portal.stores["contacts"].properties)
    assert [each.id for each in _at(client, client.crm.pipelines.pipelines_api).get_all("deals").results] == [
        "default",
        "75104332",
    ]
    assert len(_at(client, client.crm.owners.owners_api).get_page().results) == 11
