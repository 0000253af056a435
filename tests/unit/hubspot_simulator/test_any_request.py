"""Any request to any endpoint, the portal's own included, is answered in words: never a 500."""

from typing import Any

import aiohttp
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubspot_simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_TOKEN, Portal, PortalConfig, serve
from hubspot_simulator.admin import EVENTS
from hubspot_simulator.call import Call
from hubspot_simulator.endpoints.routes import Route
from hubspot_simulator.errors import ApiError
from hubspot_simulator.scopes import KNOWN_SCOPES
from hubspot_simulator.server import ROUTES, check_scopes

_PORTAL = Portal(PortalConfig(contacts=30, companies=9, deals=9, tickets=5, scopes=tuple(KNOWN_SCOPES)))
_IDS = [str(store.ids.of(0)) for store in _PORTAL.stores.values() if store.size]
_WORDS = st.sampled_from(
    [*_IDS, "contacts", "company", "0-3", "2-1", "widgets", "0-9999", "email", "name", "default", "batch", "3", "279",
     "HUBSPOT_DEFINED", "string", "text", "enumeration", "select", "information", "a", "true", "1761955200000",
     "refresh_token", "authorization_code", DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET]
)  # fmt: skip
_TEXT = _WORDS | st.text(max_size=8) | st.sampled_from(["", "-1", "²", "nan", "\x00", "9" * 40, "%"])
_LEAF = st.none() | st.booleans() | st.integers() | st.floats() | _TEXT
_FIELDS = st.sampled_from(
    ["inputs", "id", "from", "to", "types", "properties", "name", "label", "type", "fieldType", "groupName", "options",
     "value", "metadata", "probability", "stages", "displayOrder", "pipelineId", "primaryObjectId", "objectIdToMerge",
     "objectId", "idProperty", "associationCategory", "associationTypeId", "associations", "filters", "filterGroups",
     "sorts", "limit", "after", "archived", "hasUniqueValue", "inverseLabel", "tokenKey", "propertyName", "operator"]
)  # fmt: skip
_JSON = st.recursive(
    _LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_FIELDS, inner, max_size=5), max_leaves=12
)
_QUERY = st.dictionaries(
    st.sampled_from(
        ["limit", "after", "offset", "count", "properties", "propertiesWithHistory", "associations", "archived",
         "idProperty", "email", "dataSensitivity", "includeAllProperties", "includeAssociations"]
    ),
    st.lists(_TEXT, min_size=1, max_size=2),
    max_size=4,
)  # fmt: skip
_PARAMETERS = ("type", "id", "name", "from", "to", "from_id", "to_id", "pipeline", "stage", "group", "owner", "token")


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.sampled_from(ROUTES), st.fixed_dictionaries(dict.fromkeys(_PARAMETERS, _TEXT)), _QUERY, _JSON, st.data())
def test_every_endpoint(route: Route, parameters: Any, query: Any, body: Any, data: st.DataObject) -> None:
    raw = data.draw(st.binary(max_size=30)) if data.draw(st.integers(0, 9)) == 0 else msgspec.json.encode(body)
    parameters = {**parameters, "type_id": data.draw(st.integers(0, 10**20).map(str)), "version": "v3"}
    grant = _PORTAL.grants[DEFAULT_TOKEN]
    call = Call(path="/", parameters=parameters, query=query, body=raw, grant=grant)
    try:
        check_scopes(_PORTAL, route, call)
        status = route.handler(_PORTAL, call).status
    except ApiError as error:
        status = error.status
    assert 200 <= status < 500


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["grant_type", "client_id", "client_secret", "code", "redirect_uri", "refresh_token", "scope"]),
        _TEXT,
    )
)
def test_any_form_at_the_token_endpoint(form: dict[str, str]) -> None:
    (route,) = [route for route in ROUTES if route.path == "/oauth/{version:v1}/token"]
    body = "&".join(f"{name}={value}" for name, value in form.items()).encode(errors="replace")
    call = Call(path="/", parameters={"version": "v1"}, query={}, body=body, grant=_PORTAL.grants[DEFAULT_TOKEN])
    try:
        status = route.handler(_PORTAL, call).status
    except ApiError as error:
        status = error.status
    assert status in (200, 400)


@pytest.fixture
def hostile() -> list[tuple[str, str, bytes]]:
    bodies = [b"", b"\xff\xfe", b"[" * 5_000, b'{"a":' * 2_000, b"null", b"1e999", b'{"id":"\\ud800"}']
    changes = ("clock", "config", "bad-days", "events", "script", "tokens", "statistics", "oauth")
    found = [("POST", f"/_simulator/{name}", body) for name in changes for body in bodies]
    found += [("POST", f"/_simulator/{name}?portal=%F0%9F%98%80", b"{}") for name in changes]
    found += [("POST", "/crm/objects/2026-09/contacts/search", body) for body in bodies]
    found += [("POST", "/_simulator/clock", b'{"advance_s":1e300}'), ("POST", "/_simulator/clock", b'{"set":"1e99"}')]
    found += [("POST", "/_simulator/clock", b'{"set":"99999999999999999999"}')]
    found += [("POST", "/_simulator/tokens", b'{"token":"x","expires_in_s":1e300}')]
    found += [("POST", "/_simulator/config", b'{"burst_per_10_s":"a"}')]
    for event in EVENTS:
        for arguments in (b"{}", b'{"object_type":"x"}', b'{"object_type":1,"object_id":"a","values":3}'):
            found.append(("POST", "/_simulator/events", b'{"event":"%s","arguments":%s}' % (event.encode(), arguments)))
    paths = ("%00", "%ff", "a" * 3_000, "..%2f..", "contacts%0d%0aX: y", "contacts/1/associations/%F0%9F%98%80")
    found += [("GET", f"/crm/objects/2026-09/{path}", b"") for path in paths]
    return found


async def test_hostile_bytes_over_a_socket(portal: Portal, hostile: list[tuple[str, str, bytes]]) -> None:
    headers = {"Authorization": f"Bearer {DEFAULT_TOKEN}"}
    async with serve(portal) as server, aiohttp.ClientSession(headers=headers) as session:
        for method, path, body in hostile:
            async with session.request(method, server.url + path, data=body) as response:
                raw = await response.read()
                assert response.status < 500, (path, body, raw)
