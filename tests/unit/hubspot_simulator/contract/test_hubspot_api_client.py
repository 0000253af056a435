"""``hubspot-api-client`` 12: every call it has of the surface, over the v1, v3 and v4 paths, its models compared."""

from types import ModuleType
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm import associations, companies, contacts, deals, objects, pipelines, properties, tickets
from hubspot.crm.associations import v4
from hubspot.crm.associations.v4 import schema as v4_schema

from hubspot_simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Portal, Server

pytestmark = pytest.mark.filterwarnings("default")  # the client's own warnings are not ours
_NAMED = {"contacts": contacts, "companies": companies, "deals": deals, "tickets": tickets}
_GENERIC = ("emails", "calls", "notes", "tasks", "meetings", "communications", "products", "line_items", "cars")


class Client:
    """The client, each of its APIs pointed at the portal."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self.hubspot = HubSpot(access_token=token)

    def api(self, path: str) -> Any:
        """``contacts.basic_api`` and so on."""
        found: Any = self.hubspot.crm
        for name in path.split("."):
            found = getattr(found, name)
        return self.at(found)

    def at(self, found: Any) -> Any:
        found.api_client.configuration.host = self._url
        return found


@pytest.fixture(scope="module")
def client(served: Server) -> Client:
    return Client(served.url, served.portal.config.token)


def _truth(portal: Portal, name: str, index: int, names: list[str]) -> dict[str, str | None]:
    return {each: portal.stores[name].value(index, each) for each in names}


@pytest.mark.parametrize("name", _NAMED)
def test_records_of_the_four_main_types(client: Client, known: Portal, name: str) -> None:
    store, module, names = known.stores[name], _NAMED[name], list(known.stores[name].properties)[:12]
    basic = client.api(f"{name}.basic_api")
    page = basic.get_page(limit=20, properties=names, associations=["contacts", "companies"])
    for index, record in enumerate(page.results):
        assert {each: record.properties[each] for each in names} == _truth(known, name, index, names)
        assert int(record.created_at.timestamp() * 1_000) == store.created_ms(index)
        assert int(record.updated_at.timestamp() * 1_000) == store.modified_ms(index)
        assert record.archived is False
    _check_generic(client.api(f"{name}.batch_api"), client.api(f"{name}.search_api"), module, store)
    one = basic.get_by_id(page.results[0].id, properties_with_history=[names[0]])
    assert one.properties_with_history[names[0]][0].value == (store.value(0, names[0]) or "")


def _check_generic(batch: Any, search: Any, module: ModuleType, store: Any, *kind: str) -> None:
    ids = [str(store.ids.of(index)) for index in range(3)]
    wanted = module.BatchReadInputSimplePublicObjectId(
        inputs=[{"id": each} for each in ids], properties=[], properties_with_history=[]
    )
    assert [each.id for each in batch.read(*kind, batch_read_input_simple_public_object_id=wanted).results] == ids
    mixed = module.BatchReadInputSimplePublicObjectId(
        inputs=[{"id": ids[0]}, {"id": "12"}], properties=[], properties_with_history=[]
    )
    reply = batch.read(*kind, batch_read_input_simple_public_object_id=mixed)
    assert (reply.num_errors, reply.errors[0].category) == (1, "OBJECT_NOT_FOUND")
    request = module.PublicObjectSearchRequest(
        filter_groups=[{"filters": [{"propertyName": "hs_object_id", "operator": "EQ", "value": ids[1]}]}]
    )
    found = search.do_search(*kind, public_object_search_request=request)
    assert (found.total, found.results[0].id) == (1, ids[1])


@pytest.mark.parametrize("name", _GENERIC)
def test_records_of_the_other_types(client: Client, known: Portal, name: str) -> None:
    store = known.stores[name]
    page = client.api("objects.basic_api").get_page(name, limit=10)
    assert [each.id for each in page.results] == [str(store.ids.of(index)) for index in range(10)]
    _check_generic(client.api("objects.batch_api"), client.api("objects.search_api"), objects, store, name)


def test_paging_to_the_end(client: Client, known: Portal) -> None:
    store = known.stores["companies"]
    found, after = [], None
    while True:
        page = client.api("companies.basic_api").get_page(limit=40, after=after)
        found += [int(each.id) for each in page.results]
        if page.paging is None:
            break
        after = page.paging.next.after
    assert found == [store.ids.of(index) for index in store.live_indices()]


def test_the_life_of_a_company(client: Client) -> None:
    basic, batch = client.api("companies.basic_api"), client.api("companies.batch_api")
    make = companies.SimplePublicObjectInputForCreate(properties={"name": "Un"}, associations=[])
    made = basic.create(simple_public_object_input_for_create=make)
    change = companies.SimplePublicObjectInput(properties={"name": "Deux"})
    assert basic.update(made.id, simple_public_object_input=change).properties["name"] == "Deux"
    inputs = companies.BatchInputSimplePublicObjectBatchInputForCreate(inputs=[make])
    (other,) = batch.create(batch_input_simple_public_object_batch_input_for_create=inputs).results
    survivor = basic.merge(
        public_merge_input=companies.PublicMergeInput(primary_object_id=made.id, object_id_to_merge=other.id)
    )
    assert survivor.properties["hs_merged_object_ids"] == f"{made.id};{other.id}"
    basic.archive(survivor.id)
    assert basic.get_by_id(survivor.id, archived=True).archived_at is not None


def test_properties_and_groups(client: Client, known: Portal) -> None:
    core, groups, store = (
        client.api("properties.core_api"),
        client.api("properties.groups_api"),
        known.stores["tickets"],
    )
    listed = {each.name: each for each in core.get_all("tickets").results}
    assert listed.keys() == store.properties.keys()
    for name, definition in store.properties.items():
        assert (listed[name].type, listed[name].field_type) == (definition.type, definition.field_type)
        assert [option.value for option in listed[name].options] == [value for value, _ in definition.options]
    groups.create("tickets", property_group_create=properties.PropertyGroupCreate(name="api_group", label="API"))
    wanted = properties.PropertyCreate(
        name="api_number", label="Number", type="number", field_type="number", group_name="api_group"
    )
    assert core.create("tickets", property_create=wanted).calculated is False
    assert core.update("tickets", "api_number", property_update=properties.PropertyUpdate(label="N")).label == "N"
    assert core.get_by_name("tickets", "api_number").group_name == "api_group"
    names = properties.BatchReadInputPropertyName(archived=False, inputs=[{"name": "api_number"}])
    read = client.api("properties.batch_api").read("tickets", batch_read_input_property_name=names)
    assert read.results[0].name == "api_number"
    core.archive("tickets", "api_number")
    groups.archive("tickets", "api_group")
    assert "api_group" not in {each.name for each in groups.get_all("tickets").results}


def test_pipelines_owners_and_schemas(client: Client, known: Portal) -> None:
    stages = client.api("pipelines.pipeline_stages_api")
    listed = client.api("pipelines.pipelines_api").get_all("deals").results
    assert listed[0].stages[0].metadata["probability"] == "0.2"
    wanted = pipelines.PipelineStageInput(label="Late", display_order=9, metadata={"probability": "0.1"})
    made = stages.create("deals", listed[1].id, pipeline_stage_input=wanted)
    assert stages.get_by_id("deals", listed[1].id, made.id).label == "Late"
    stages.archive("deals", listed[1].id, made.id)
    page = client.api("owners.owners_api").get_page(limit=3)
    assert [each.id for each in page.results] == [owner["id"] for owner in known.owners[:3]]
    assert client.api("owners.owners_api").get_by_id(page.results[0].id).email == page.results[0].email
    (schema,) = client.api("schemas.core_api").get_all().results
    assert client.api("schemas.core_api").get_by_id("cars").object_type_id == schema.object_type_id == "2-1"


def test_associations_of_v3_and_v4(client: Client, known: Portal) -> None:
    deal, contact = (str(known.stores[name].ids.of(30)) for name in ("deals", "contacts"))
    ends = {"from": {"id": deal}, "to": {"id": contact}}
    batch, basic = client.api("associations.v4.batch_api"), client.api("associations.v4.basic_api")
    spec = [v4.AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=3)]
    basic.create("deals", deal, "contacts", contact, association_spec=spec)
    listed = basic.get_page("deals", deal, "contacts").results
    assert int(contact) in [int(each.to_object_id) for each in listed]
    wanted = v4.BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": deal}])
    (result,) = batch.get_page("deals", "contacts", batch_input_public_fetch_associations_batch_request=wanted).results
    assert int(contact) in [int(each.to_object_id) for each in result.to]
    old = associations.BatchInputPublicObjectId(inputs=[{"id": deal}])
    (result,) = client.api("associations.batch_api").read("deals", "contacts", batch_input_public_object_id=old).results
    assert (contact, "deal_to_contact") in [(each.id, each.type) for each in result.to]
    labels = client.api("associations.v4.schema.definitions_api")
    assert [each.type_id for each in labels.get_all("deals", "companies").results] == [341, 5]
    request = v4_schema.PublicAssociationDefinitionCreateRequest(label="Payer", name="payer")
    made = labels.create("deals", "contacts", public_association_definition_create_request=request).results
    labels.remove("deals", "contacts", made[0].type_id)
    basic.archive("deals", deal, "contacts", contact)
    inputs = v4.BatchInputPublicDefaultAssociationMultiPost(inputs=[ends])
    reply = batch.create_default("deals", "contacts", batch_input_public_default_association_multi_post=inputs)
    assert reply.results[0].association_spec.association_type_id == 3


def test_tokens(client: Client, known: Portal) -> None:
    installed = known.accounts.install(known.accounts.apps[DEFAULT_CLIENT_ID], known, ("oauth",))
    oauth = client.hubspot.oauth
    tokens = client.at(oauth.tokens_api).create(
        grant_type="refresh_token",
        client_id=DEFAULT_CLIENT_ID,
        client_secret=DEFAULT_CLIENT_SECRET,
        refresh_token=installed.refresh_token,
    )
    seen = client.at(oauth.access_tokens_api).get(tokens.access_token)
    assert (seen.hub_id, seen.scopes) == (known.config.portal_id, ["oauth"])
    assert client.at(oauth.refresh_tokens_api).get(installed.refresh_token).client_id == DEFAULT_CLIENT_ID
    client.at(oauth.refresh_tokens_api).archive(installed.refresh_token)
    assert installed.refresh_token not in known.accounts.installations
