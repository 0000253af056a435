"""meltano-tap-hubspot by OAuth: a whole sync, then one by search."""

from pathlib import Path
from typing import Any

from hubspot_simulator import Portal, Server
from tests.peers.conftest import TYPES, Figures, Peer, edit_some, environment, live


def _selected(catalog: dict[str, Any]) -> dict[str, Any]:
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            if not entry["breadcrumb"]:
                entry["metadata"]["selected"] = stream["tap_stream_id"] in TYPES
    return catalog


def _records(lines: list[dict[str, Any]]) -> dict[str, dict[int, dict[str, Any]]]:
    found: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in TYPES}
    for line in lines:
        if line["type"] == "RECORD":
            found[line["stream"]][int(line["record"]["id"])] = line["record"]["properties"]
    return found


def test_a_whole_sync_and_an_incremental_one(
    portal: Portal, server: Server, oauth: dict[str, str], tmp_path: Path
) -> None:
    peer = Peer(environment("meltano-tap-hubspot", "meltano-tap-hubspot"), server, tmp_path)
    config = peer.write("config.json", {**oauth, "start_date": "2010-01-01T00:00:00Z"})
    (catalog,) = peer.run("tap-hubspot", "--config", config, "--discover")
    chosen = peer.write("catalog.json", _selected(catalog))
    figures = Figures("meltano-tap-hubspot, whole", portal)
    lines = peer.run("tap-hubspot", "--config", config, "--catalog", chosen)
    found = _records(lines)
    figures.show({name: len(records) for name, records in found.items()})
    for name in TYPES:
        truth = live(portal, name)
        assert found[name].keys() == truth.keys()
        for object_id, properties in found[name].items():
            assert properties == {key: truth[object_id][key] for key in properties}

    edited = edit_some(portal)
    state = peer.write("state.json", [line for line in lines if line["type"] == "STATE"][-1]["value"])
    figures = Figures("meltano-tap-hubspot, incremental", portal)
    found = _records(peer.run("tap-hubspot", "--config", config, "--catalog", chosen, "--state", state))
    figures.show({name: len(records) for name, records in found.items()})
    for name, ids in edited.items():
        assert ids <= found[name].keys()
        assert len(found[name]) < 60
