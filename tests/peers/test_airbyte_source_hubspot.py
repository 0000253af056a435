"""airbyte-source-hubspot by a private token: check, discover, a whole sync, then one by search."""

from pathlib import Path
from typing import Any

import pytest

from hubspot_simulator import DEFAULT_TOKEN, Portal, Server
from tests.peers.conftest import TYPES, Figures, Peer, edit_some, environment, live

_REQUIREMENT = "airbyte-source-hubspot==5.7.0"


@pytest.fixture
def odd_numbers() -> bool:
    """5.7.0 ends with "could not convert string to float" on the first number property that holds text."""
    return False


def _catalog(discovered: list[dict[str, Any]]) -> dict[str, Any]:
    (message,) = [line for line in discovered if line["type"] == "CATALOG"]
    streams = [stream for stream in message["catalog"]["streams"] if stream["name"] in TYPES]
    return {
        "streams": [
            {
                "stream": stream,
                "sync_mode": "incremental",
                "destination_sync_mode": "append_dedup",
                "cursor_field": ["updatedAt"],
                "primary_key": [["id"]],
            }
            for stream in streams
        ]
    }


def _records(lines: list[dict[str, Any]]) -> dict[str, dict[int, dict[str, Any]]]:
    found: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in TYPES}
    for line in lines:
        if line["type"] == "RECORD":
            found[line["record"]["stream"]][int(line["record"]["data"]["id"])] = line["record"]["data"]
    return found


def _states(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    latest = {}
    for line in lines:
        if line["type"] == "STATE":
            latest[line["state"]["stream"]["stream_descriptor"]["name"]] = line["state"]
    return list(latest.values())


def test_a_whole_sync_and_an_incremental_one(portal: Portal, server: Server, tmp_path: Path) -> None:
    peer = Peer(environment("airbyte-source-hubspot", _REQUIREMENT), server, tmp_path)
    credentials = {"credentials_title": "Private App Credentials", "access_token": DEFAULT_TOKEN}
    config = peer.write("config.json", {"start_date": "2010-01-01T00:00:00Z", "credentials": credentials})
    (status,) = [line for line in peer.run("source-hubspot", "check", "--config", config) if "connectionStatus" in line]
    assert status["connectionStatus"]["status"] == "SUCCEEDED"
    catalog = peer.write("catalog.json", _catalog(peer.run("source-hubspot", "discover", "--config", config)))
    figures = Figures("airbyte-source-hubspot 5.7.0, whole", portal)
    lines = peer.run("source-hubspot", "read", "--config", config, "--catalog", catalog)
    found = _records(lines)
    figures.show({name: len(records) for name, records in found.items()})
    for name in TYPES:
        truth = live(portal, name)
        assert found[name].keys() == truth.keys()
        for object_id, record in found[name].items():
            assert record["properties"].get("createdate", "")[:10] == truth[object_id]["createdate"][:10]

    edited = edit_some(portal)
    state = peer.write("state.json", _states(lines))
    figures = Figures("airbyte-source-hubspot 5.7.0, incremental", portal)
    options = ("--config", config, "--catalog", catalog, "--state", state)
    found = _records(peer.run("source-hubspot", "read", *options))
    figures.show({name: len(records) for name, records in found.items()})
    for name, ids in edited.items():
        assert ids <= found[name].keys()
        assert len(found[name]) < 60
