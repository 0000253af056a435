"""``hubspot-sdk``: every call it has of the surface, each reply held strictly against its models."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import hubspot_sdk
import msgspec
import pytest

from hubspot_simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Portal, Server

pytestmark = pytest.mark.filterwarnings("default")  # the client's own warnings are not ours
_TYPES = (
    "contacts", "companies", "deals", "tickets", "emails", "calls", "notes", "tasks", "meetings", "communications",
    "products", "line_items", "postal_mail", "quotes", "leads", "orders", "invoices", "users", "subscriptions",
    "feedback_submissions", "projects", "goal_targets",
)  # fmt: skip


class _AsSpecified(httpx.HTTPTransport):
    """The places where HubSpot's wire is known to differ from its specification, taken back.

    A property without a value is null, where the specification wants text; ``toObjectId`` is a number, not text.
    And this alpha sends its OAuth calls as JSON, where HubSpot's documentation wants a form.
    """

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/oauth/"):
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            form = urlencode(msgspec.json.decode(request.read()))
            request = httpx.Request("POST", request.url, content=form, headers=headers)
        response = super().handle_request(request)
        body = response.read()
        if body:
            body = msgspec.json.encode(_as_specified(msgspec.json.decode(body)))
        return httpx.Response(response.status_code, content=body, headers={"Content-Type": "application/json"})


def _as_specified(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_specified(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: _as_specified(each) for name, each in value.items()}
    if isinstance(found.get("properties"), dict):
        found["properties"] = {name: each for name, each in found["properties"].items() if each is not None}
    if "toObjectId" in found:
        found["toObjectId"] = str(found["toObjectId"])
    return found


@pytest.fixture(scope="module")
def sdk(served: Server) -> Iterator[Any]:
    with hubspot_sdk.HubSpot(
        access_token=served.portal.config.token,
        base_url=served.url,
        max_retries=0,
        http_client=hubspot_sdk.DefaultHttpxClient(transport=_AsSpecified()),
        _strict_response_validation=True,
    ) as client:
        yield client


@pytest.mark.parametrize("name", _TYPES)
def test_every_type_lists_searches_and_reads_in_batches(sdk: Any, known: Portal, name: str) -> None:
    resource, store = getattr(sdk.crm.objects, name), known.stores[name]
    listed = [record for record, _ in zip(resource.list(limit=50), range(120), strict=False)]
    live = [str(store.ids.of(index)) for index in store.live_indices()]
    assert [record.id for record in listed] == live[: len(listed)]
    assert len(listed) == min(len(live), 120)
    found = resource.search(filter_groups=[], sorts=[], properties=[], limit=10, after="0")
    assert found.total == len(live)
    if listed:
        batch = resource.batch.get(
            inputs=[{"id": record.id} for record in listed[:3]], properties=["hs_object_id"], properties_with_history=[]
        )
        assert {record.id for record in batch.results} == {record.id for record in listed[:3]}
        assert resource.get(listed[0].id).properties["hs_object_id"] == listed[0].id


def test_a_list_brings_values_history_and_associations(sdk: Any, known: Portal) -> None:
    store = known.stores["contacts"]
    page = sdk.crm.objects.contacts.list(
        limit=5, properties=["email", "firstname"], properties_with_history=["email"], associations=["companies"]
    )
    for index, record in enumerate(page.results):
        assert record.properties.get("email") == store.value(index, "email")
        assert record.properties_with_history["email"][0].value == (store.value(index, "email") or "")
    assert any(record.associations for record in page.results)


def test_the_life_of_a_contact(sdk: Any, known: Portal) -> None:
    contacts, company = sdk.crm.objects.contacts, str(known.stores["companies"].ids.of(3))
    link = {"to": {"id": company}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]}
    made = contacts.create(properties={"email": "life@sdk.example", "firstname": "Zoé"}, associations=[link])
    assert (
        sdk.crm.associations.list("companies", object_type="contacts", object_id=made.id).results[0].to_object_id
        == company
    )
    assert contacts.update(made.id, properties={"firstname": ""}).properties.get("firstname") is None
    (other,) = contacts.batch.create(inputs=[{"properties": {"email": "o@sdk.example"}, "associations": []}]).results
    (changed,) = contacts.batch.update(inputs=[{"id": other.id, "properties": {"jobtitle": "chef"}}]).results
    assert changed.properties["jobtitle"] == "chef"
    upserted = contacts.batch.upsert(
        inputs=[
            {"id": "life@sdk.example", "idProperty": "email", "properties": {"jobtitle": "x"}},
            {"id": "new@sdk.example", "idProperty": "email", "properties": {}},
        ]
    )
    assert [record.new for record in upserted.results] == [False, True]
    survivor = contacts.merge(primary_object_id=made.id, object_id_to_merge=other.id)
    assert contacts.get(other.id).id == survivor.id not in (made.id, other.id)
    contacts.batch.delete(inputs=[{"id": upserted.results[1].id}])
    contacts.delete(survivor.id)
    assert contacts.get(survivor.id, archived=True).archived
    contacts.gdpr_delete(object_id=survivor.id)
    with pytest.raises(hubspot_sdk.NotFoundError):
        contacts.get(survivor.id, archived=True)


def test_custom_objects(sdk: Any, known: Portal) -> None:
    custom, cars = sdk.crm.objects.custom, known.stores["cars"]
    assert len(custom.list("2-1", limit=100).results) == cars.size
    made = custom.create("cars", properties={"vin": "SDK-1"}, associations=[])
    assert custom.get(made.id, object_type="cars", properties=["vin"]).properties["vin"] == "SDK-1"
    custom.delete(made.id, object_type="cars")
    (schema,) = sdk.crm.object_schemas.list().results
    assert (schema.name, schema.object_type_id) == ("cars", "2-1")
    assert {each.name for each in sdk.crm.object_schemas.get("cars").properties} == set(cars.properties)


def test_properties_and_groups(sdk: Any, known: Portal) -> None:
    properties, store = sdk.crm.properties, known.stores["deals"]
    assert {each.name for each in properties.list("deals").results} == set(store.properties)
    properties.groups.create("deals", name="sdk_group", label="SDK")
    options = [{"label": "A", "value": "a", "displayOrder": 1, "hidden": False}]
    made = properties.create(
        "deals", name="sdk_choice", label="Choice", type="enumeration", field_type="select",
        group_name="sdk_group", options=options,
    )  # fmt: skip
    assert (made.hubspot_defined, [option.value for option in made.options]) == (False, ["a"])
    changed = properties.update("sdk_choice", object_type="deals", label="Choix", description="d")
    assert (changed.label, changed.description, changed.type) == ("Choix", "d", "enumeration")
    with pytest.raises(hubspot_sdk.ConflictError, match="PROPERTY_WITH_NAME_EXISTS"):
        properties.create(
            "deals", name="sdk_choice", label="x", type="string", field_type="text", group_name="sdk_group"
        )
    batch = {"label": "B", "type": "string", "fieldType": "text", "groupName": "sdk_group"}
    assert len(properties.batch.create("deals", inputs=[{**batch, "name": f"sdk_{n}"} for n in "ab"]).results) == 2
    read = properties.batch.get("deals", archived=False, data_sensitivity="non_sensitive", inputs=[{"name": "sdk_a"}])
    assert read.results[0].name == "sdk_a"
    properties.batch.delete("deals", inputs=[{"name": "sdk_a"}, {"name": "sdk_b"}])
    properties.delete("sdk_choice", object_type="deals")
    assert properties.get("sdk_choice", object_type="deals", archived=True).archived
    assert properties.groups.update("sdk_group", object_type="deals", label="New").label == "New"
    assert "sdk_group" in {each.name for each in properties.groups.list("deals").results}
    properties.groups.delete("sdk_group", object_type="deals")
    with pytest.raises(hubspot_sdk.NotFoundError):
        properties.groups.get("sdk_group", object_type="deals")


def test_pipelines_and_stages(sdk: Any) -> None:
    pipelines = sdk.crm.pipelines
    assert [each.id for each in pipelines.list("deals").results] == ["default", "75104332"]
    stage = {"label": "Open", "displayOrder": 0, "metadata": {"probability": "0.5"}}
    made = pipelines.create("deals", label="SDK", display_order=5, stages=[stage])
    assert pipelines.get(made.id, object_type="deals").stages[0].metadata["probability"] == "0.5"
    second = pipelines.create_stage(
        made.id, object_type="deals", label="Won", display_order=1, metadata={"probability": "1.0"}
    )
    renamed = pipelines.update_stage(second.id, object_type="deals", pipeline_id=made.id, metadata={}, label="Gagné")
    assert renamed.label == "Gagné"
    assert [each.label for each in pipelines.list_stages(made.id, object_type="deals").results] == ["Open", "Gagné"]
    assert pipelines.get_stage(second.id, object_type="deals", pipeline_id=made.id).label == "Gagné"
    assert pipelines.update(made.id, object_type="deals", label="SDK 2").label == "SDK 2"
    assert len(pipelines.list_audit(made.id, object_type="deals").results) == 2
    pipelines.delete_stage(second.id, object_type="deals", pipeline_id=made.id)
    pipelines.delete(made.id, object_type="deals")
    with pytest.raises(hubspot_sdk.NotFoundError):
        pipelines.get(made.id, object_type="deals")


def test_associations_in_both_directions(sdk: Any, known: Portal) -> None:
    associations, pair = sdk.crm.associations, {"from_object_type": "contacts", "to_object_type": "companies"}
    contact, company = (str(known.stores[name].ids.of(17)) for name in ("contacts", "companies"))
    labels = sdk.crm.associations_schema.labels
    own, seen = labels.create_label(
        "companies", from_object_type="contacts", label="Partner", name="partner", inverse_label="Partnership"
    ).results
    spec = {"associationCategory": "USER_DEFINED", "associationTypeId": own.type_id}
    made = associations.update_labels(
        company, object_type="contacts", object_id=contact, to_object_type="companies", body=[spec]
    )
    assert made.labels == ["Partner"]
    (result,) = associations.batch.get("contacts", from_object_type="companies", inputs=[{"id": company}]).results
    reverse = {end.to_object_id: {kind.type_id for kind in end.association_types} for end in result.to}
    assert {280, seen.type_id} <= reverse[contact]
    labels.update_label("companies", from_object_type="contacts", association_type_id=own.type_id, label="Ally")
    assert "Ally" in {each.label for each in labels.list_labels("companies", from_object_type="contacts").results}
    ends = {"from": {"id": contact}, "to": {"id": company}}
    associations.batch.delete_labels(**pair, inputs=[{**ends, "types": [spec]}])
    labels.delete_label(own.type_id, from_object_type="contacts", to_object_type="companies")
    associations.delete(company, object_type="contacts", object_id=contact, to_object_type="companies")
    assert company not in _companies_of(sdk, contact)
    associations.create(company, from_object_type="contacts", from_object_id=contact, to_object_type="companies")
    assert company in _companies_of(sdk, contact)
    associations.batch.delete(**pair, inputs=[{"from": {"id": contact}, "to": [{"id": company}]}])
    assert company not in _companies_of(sdk, contact)
    typed = {**ends, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]}
    assert len(associations.batch.create(**pair, inputs=[typed]).results) == 1
    assert len(associations.batch.create_default(**pair, inputs=[ends]).results) == 1
    assert company in _companies_of(sdk, contact)


def _companies_of(sdk: Any, contact: str) -> set[str]:
    return {
        each.to_object_id for each in sdk.crm.associations.list("companies", object_type="contacts", object_id=contact)
    }


def test_owners_and_account(sdk: Any, known: Portal) -> None:
    live = [owner for owner in known.owners if not owner["archived"]]
    assert [owner.id for owner in sdk.crm.owners.list(limit=4)] == [owner["id"] for owner in live]
    assert sdk.crm.owners.get(int(live[0]["id"])).email == live[0]["email"]
    assert sdk.account.get().portal_id == known.config.portal_id
    (usage,) = sdk.account.get_daily_private_apps_usage().results
    assert usage.current_usage > 0


def test_tokens(sdk: Any, known: Portal) -> None:
    app = {"client_id": DEFAULT_CLIENT_ID, "client_secret": DEFAULT_CLIENT_SECRET}
    installed = known.accounts.install(known.accounts.apps[DEFAULT_CLIENT_ID], known, ("oauth",))
    oauth = sdk.auth.oauth
    tokens = oauth.create_token(grant_type="refresh_token", refresh_token=installed.refresh_token, **app)
    assert (tokens.hub_id, tokens.expires_in) == (known.config.portal_id, 1_800)
    assert oauth.introspect_token(token=tokens.access_token, **app).active
    oauth.revoke_token(token=installed.refresh_token, **app)
    assert installed.refresh_token not in known.accounts.installations
