"""Properties, property groups and schemas."""

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from hubspot_simulator.call import Call, Reply, ok
from hubspot_simulator.catalogue import BY_NAME, CUSTOM
from hubspot_simulator.clock import iso
from hubspot_simulator.data.definitions import Group, Property
from hubspot_simulator.endpoints.objects import envelope_tail
from hubspot_simulator.endpoints.routes import DATED, Route, crm
from hubspot_simulator.errors import invalid, not_found
from hubspot_simulator.links import PAIRS
from hubspot_simulator.store import ObjectStore

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

_SENSITIVITIES = ("non_sensitive", "sensitive", "highly_sensitive")


def property_reply(definition: Property, order: int) -> dict[str, Any]:
    """One definition as the endpoints show it."""
    reply: dict[str, Any] = {
        "name": definition.name,
        "label": definition.label,
        "type": definition.type,
        "fieldType": definition.field_type,
        "groupName": definition.group,
        "description": definition.description,
        "displayOrder": order,
        "hasUniqueValue": definition.unique,
        "hidden": definition.hidden,
        "formField": not definition.read_only,
        "calculated": definition.calculated,
        "externalOptions": definition.external_options,
        "hubspotDefined": definition.hubspot_defined,
        "dataSensitivity": definition.sensitivity,
        "options": [
            {"label": label, "value": value, "displayOrder": rank, "hidden": False, "description": ""}
            for rank, (value, label) in enumerate(definition.options)
        ],
        "createdAt": iso(definition.created_ms),
        "updatedAt": iso(definition.updated_ms),
        "archived": definition.archived_ms is not None,
        "modificationMetadata": {
            "archivable": not definition.hubspot_defined,
            "readOnlyDefinition": definition.hubspot_defined,
            "readOnlyOptions": definition.hubspot_defined,
            "readOnlyValue": definition.read_only,
        },
    }
    if definition.referenced_object_type is not None:
        reply["referencedObjectType"] = definition.referenced_object_type
    if definition.archived_ms is not None:
        reply["archivedAt"] = iso(definition.archived_ms)
    return reply


def _replies(store: ObjectStore, *, archived: bool, sensitivity: str) -> list[dict[str, Any]]:
    return [
        property_reply(definition, order)
        for order, definition in enumerate(store.properties.values())
        if (definition.archived_ms is not None) == archived and definition.sensitivity == sensitivity
    ]


def list_properties(portal: "Portal", call: Call) -> Reply:
    """Every definition of a type at once."""
    sensitivity = call.text("dataSensitivity", "non_sensitive").lower()
    if sensitivity not in _SENSITIVITIES:
        raise invalid(f"dataSensitivity must be one of {', '.join(_SENSITIVITIES)}, not {sensitivity[:40]}")
    store = portal.store(call.parameters["type"])
    return ok({"results": _replies(store, archived=call.flag("archived"), sensitivity=sensitivity)})


def get_property(portal: "Portal", call: Call) -> Reply:
    """One definition; 404 for an unknown name."""
    store, name = portal.store(call.parameters["type"]), call.parameters["name"]
    definition = store.properties.get(name)
    if definition is None or (definition.archived_ms is not None) != call.flag("archived"):
        raise not_found(f"Property {name[:100]} does not exist")
    return ok(property_reply(definition, list(store.properties).index(name)))


class _Name(msgspec.Struct):
    name: str


class _BatchBody(msgspec.Struct, rename="camel"):
    inputs: list[_Name]
    archived: bool = False
    data_sensitivity: Literal["non_sensitive", "sensitive", "highly_sensitive"] = "non_sensitive"


def batch_read(portal: "Portal", call: Call) -> Reply:
    """Definitions by name; unknown ones make it a 207 [?]."""
    body: _BatchBody = call.json(_BatchBody)
    store = portal.store(call.parameters["type"])
    known = {
        reply["name"]: reply for reply in _replies(store, archived=body.archived, sensitivity=body.data_sensitivity)
    }
    missing = [each.name for each in body.inputs if each.name not in known]
    results = [known[each.name] for each in body.inputs if each.name in known]
    message = "Could not get some properties, they may be deleted or not exist."
    error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": message, "context": {"name": missing}}
    head = b'{"status":"COMPLETE","results":' + msgspec.json.encode(results) + b","
    return Reply(207 if missing else 200, head + envelope_tail(portal, [error] if missing else []))


def group_reply(group: Group) -> dict[str, Any]:
    """One group as the endpoints show it."""
    return {"name": group.name, "label": group.label, "displayOrder": group.display_order, "archived": False}


def list_groups(portal: "Portal", call: Call) -> Reply:
    """The property groups of a type."""
    return ok({"results": [group_reply(group) for group in portal.store(call.parameters["type"]).groups.values()]})


def get_group(portal: "Portal", call: Call) -> Reply:
    """One group; 404 for an unknown name."""
    group = portal.store(call.parameters["type"]).groups.get(call.parameters["group"])
    if group is None:
        raise not_found()
    return ok(group_reply(group))


def list_schemas(portal: "Portal", call: Call) -> Reply:
    """The custom objects; standard ones are not in it [?]."""
    if call.flag("archived") or not portal.config.custom_exists:
        return ok({"results": []})
    return ok({"results": [_schema(portal, name) for name in CUSTOM]})


def get_schema(portal: "Portal", call: Call) -> Reply:
    """One custom object's schema."""
    kind = portal.kind(call.parameters["type"])
    if kind.name not in CUSTOM:
        raise not_found()
    return ok(_schema(portal, kind.name))


def _schema(portal: "Portal", name: str) -> dict[str, Any]:
    kind, store, called = BY_NAME[name], portal.stores[name], portal.config.custom_name
    moment = iso(1_640_995_200_000)
    return {
        "id": kind.type_id.partition("-")[2],
        "objectTypeId": kind.type_id,
        "fullyQualifiedName": f"p{portal.config.portal_id}_{called}",
        "name": called,
        "labels": {"singular": portal.config.custom_singular, "plural": portal.config.custom_plural},
        "primaryDisplayProperty": "vin",
        "secondaryDisplayProperties": ["model"],
        "requiredProperties": ["vin"],
        "searchableProperties": ["vin", "model"],
        "properties": _replies(store, archived=False, sensitivity="non_sensitive"),
        "associations": [
            {
                "id": str(PAIRS[pair][0]),
                "fromObjectTypeId": BY_NAME[pair[0]].type_id,
                "toObjectTypeId": BY_NAME[pair[1]].type_id,
                "name": f"{BY_NAME[pair[0]].singular}_to_{BY_NAME[pair[1]].singular}",
            }
            for pair in PAIRS
            if name in pair
        ],
        "archived": False,
        "allowsSensitiveProperties": False,
        "createdAt": moment,
        "updatedAt": moment,
    }


def _typed(method: str, paths: tuple[str, ...], handler: Any, family: str) -> list[Route]:
    return [
        Route(method=method, path=path, handler=handler, family=family, types=("type",), any_type_scope=True)
        for path in paths
    ]


_SCHEMA_BASES = (f"/crm-object-schemas/{DATED}/schemas", "/crm-object-schemas/v3/schemas", "/crm/v3/schemas")
_SCHEMA_SCOPES = (("crm.schemas.custom.read", "crm.objects.custom.read"),)
ROUTES = [
    *_typed("POST", crm("properties", "/{type}/batch/read"), batch_read, "properties"),
    *_typed("GET", crm("properties", "/{type}/groups"), list_groups, "properties"),
    *_typed("GET", crm("properties", "/{type}/groups/{group}"), get_group, "properties"),
    *_typed("GET", crm("properties", "/{type}/{name}"), get_property, "properties"),
    *_typed("GET", crm("properties", "/{type}"), list_properties, "properties"),
    *(
        Route(method="GET", path=path, handler=list_schemas, family="schemas", scopes=_SCHEMA_SCOPES)
        for path in _SCHEMA_BASES
    ),
    *(
        Route(method="GET", path=f"{path}/{{type}}", handler=get_schema, family="schemas", scopes=_SCHEMA_SCOPES)
        for path in _SCHEMA_BASES
    ),
]
