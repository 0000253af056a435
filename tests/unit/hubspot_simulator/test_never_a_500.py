"""Whatever a caller sends, the portal answers in HubSpot's words, never with a failure of its own."""

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubspot_simulator import DEFAULT_TOKEN, Portal, PortalConfig
from hubspot_simulator.call import Call
from hubspot_simulator.endpoints import associations, objects, search
from hubspot_simulator.errors import ApiError

_PORTAL = Portal(PortalConfig(contacts=20, companies=5, deals=5))
_TEXT = st.text(max_size=12) | st.sampled_from(["1761955200000", "--5", "²", "nan", "2026-11-01", "0"])
_NAMES = st.sampled_from(["email", "hs_object_id", "lastmodifieddate", "date_of_birth", "annualrevenue", "interests"])
_OPERATORS = st.sampled_from(["LT", "GTE", "EQ", "NEQ", "BETWEEN", "IN", "HAS_PROPERTY", "CONTAINS_TOKEN", "?"])
_FILTER = st.fixed_dictionaries(
    {"propertyName": _NAMES, "operator": _OPERATORS},
    optional={"value": _TEXT, "highValue": _TEXT, "values": st.lists(_TEXT, max_size=2)},
)
_SORT = st.fixed_dictionaries({"propertyName": _NAMES}) | _TEXT
_SEARCH = st.fixed_dictionaries(
    {"filterGroups": st.lists(st.fixed_dictionaries({"filters": st.lists(_FILTER, max_size=3)}), max_size=3)},
    optional={"sorts": st.lists(_SORT, max_size=2), "after": _TEXT, "limit": st.integers(-1, 300), "query": _TEXT},
)
_ANY_JSON = st.recursive(
    st.none() | st.integers() | _TEXT, lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner)
)
_INPUTS = st.fixed_dictionaries({"inputs": st.lists(st.fixed_dictionaries({"id": _TEXT}, optional={"after": _TEXT}))})


def _answers(handler: Any, body: Any, **query: str) -> None:
    parameters = {"type": "contacts", "from": "contacts", "to": "companies"}
    grant = _PORTAL.grants[DEFAULT_TOKEN]
    values = {name: [value] for name, value in query.items()}
    call = Call(path="/", parameters=parameters, query=values, body=msgspec.json.encode(body), grant=grant)
    try:
        status = handler(_PORTAL, call).status
    except ApiError as error:
        status = error.status
    assert 200 <= status < 500


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_SEARCH | _ANY_JSON)
def test_search(body: Any) -> None:
    _answers(search.search, body)


@settings(max_examples=60, deadline=None)
@given(_INPUTS | _ANY_JSON)
def test_batches(body: Any) -> None:
    _answers(associations.batch_read, body)
    _answers(objects.batch_read, body)


@settings(max_examples=60, deadline=None)
@given(_TEXT, _TEXT, _TEXT)
def test_list(limit: str, after: str, properties: str) -> None:
    _answers(
        objects.list_objects, {}, limit=limit, after=after, properties=properties, propertiesWithHistory=properties
    )
