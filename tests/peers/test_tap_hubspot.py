"""tap-hubspot of the Singer project by OAuth, over the oldest paths: companies v2 and deals v1."""

from pathlib import Path
from typing import Any

from hubspot_simulator import Portal, Server
from tests.peers.conftest import TYPES, Figures, Peer, edit_some, environment, live

_KEYS = {"contacts": "id", "companies": "companyId", "deals": "dealId"}


def _selected(catalog: dict[str, Any]) -> dict[str, Any]:
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            if not entry["breadcrumb"]:
                entry["metadata"]["selected"] = stream["tap_stream_id"] in (*TYPES, "contacts_by_company")
    return catalog


def _records(lines: list[dict[str, Any]]) -> dict[str, dict[int, dict[str, Any]]]:
    found: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in TYPES}
    for line in lines:
        if line["type"] == "RECORD" and line["stream"] in _KEYS:
            found[line["stream"]][int(line["record"][_KEYS[line["stream"]]])] = line["record"]
    return found


def test_a_whole_sync_and_an_incremental_one(
    portal: Portal, server: Server, oauth: dict[str, str], tmp_path: Path
) -> None:
    peer = Peer(environment("tap-hubspot", "tap-hubspot"), server, tmp_path)
    settings = {**oauth, "redirect_uri": "http://127.0.0.1/", "start_date": "2010-01-01T00:00:00Z"}
    config = peer.write("config.json", settings)
    (catalog,) = peer.run("tap-hubspot", "--config", config, "--discover")
    chosen = peer.write("catalog.json", _selected(catalog))
    figures = Figures("tap-hubspot, whole", portal)
    lines = peer.run("tap-hubspot", "--config", config, "--properties", chosen)
    found = _records(lines)
    figures.show({name: len(records) for name, records in found.items()})
    for name in TYPES:
        assert found[name].keys() == live(portal, name).keys()
    truth = live(portal, "companies")
    for object_id, record in found["companies"].items():
        assert record["property_name"]["value"] == truth[object_id]["name"]
    linked = {
        (int(line["record"]["company-id"]), int(line["record"]["contact-id"]))
        for line in lines
        if line["type"] == "RECORD" and line["stream"] == "contacts_by_company"
    }
    assert linked == {
        (line["from_id"], line["to_id"])
        for line in portal.truth()
        if line["kind"] == "association" and (line["from_type"], line["to_type"]) == ("companies", "contacts")
    }

    edited = edit_some(portal)
    state = peer.write("state.json", [line for line in lines if line["type"] == "STATE"][-1]["value"])
    figures = Figures("tap-hubspot, incremental", portal)
    found = _records(peer.run("tap-hubspot", "--config", config, "--properties", chosen, "--state", state))
    figures.show({name: len(records) for name, records in found.items()})
    for name, ids in edited.items():
        assert ids <= found[name].keys()
        assert len(found[name]) < 60
