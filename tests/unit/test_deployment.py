"""The deployment files start commands that exist, with settings that exist, as nobody special."""

import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from ontologie.cli.main import app
from ontologie.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
ALERTS = DEPLOY / "prometheus" / "ontologie.rules.yml"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
FILES = [DEPLOY / "Dockerfile", DEPLOY / "compose.yaml", DEPLOY / "kubernetes" / "ontologie.yaml", ALERTS, *UNITS]
COMMANDS = set(getattr(get_command(app), "commands"))  # noqa: B009 - a group's, which the type does not tell


def manifests() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / "kubernetes" / "ontologie.yaml").read_text()))


def workloads() -> list[dict[str, Any]]:
    return [item["spec"]["template"]["spec"] for item in manifests() if item["kind"] == "Deployment"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_setting_in_it_is_one(file: Path) -> None:
    named = set(re.findall(r"ONTOLOGIE_([A-Z_]+)", file.read_text()))
    assert named - {name.upper() for name in Settings.model_fields} == set()


def test_the_image_runs_a_command_that_exists_and_is_not_root() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    [command] = re.findall(r'^CMD \["(\w+)"\]$', text, re.MULTILINE)
    assert command in COMMANDS
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE) == ["10001"]
    assert "--require-hashes" in text


def test_the_images_data_folder_is_empty_and_nobody_elses() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    assert "--no-create-home" in text, "useradd's skeleton is no data of ours"
    assert "install -d -m 0700 -o 10001 -g ontologie /var/lib/ontologie" in text


class Alive(http.server.BaseHTTPRequestHandler):
    """A process that answers /healthz, and nothing else."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quietly."""


@pytest.fixture
def port() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Alive) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield str(server.server_port)
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("variable", ["ONTOLOGIE_PORT", "ONTOLOGIE_WORKER_PORT"])
def test_the_images_health_check_asks_the_port_that_is_set(variable: str, port: str) -> None:
    assert '"/opt/ontologie/healthy.py"]' in (DEPLOY / "Dockerfile").read_text()
    assert "!deploy/healthy.py" in (DEPLOY.parent / ".dockerignore").read_text().splitlines()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ONTOLOGIE_")}
    checked = [sys.executable, str(DEPLOY / "healthy.py")]
    assert subprocess.run(checked, env=clean | {"ONTOLOGIE_PORT": "1", variable: port}, check=False).returncode == 0
    assert subprocess.run(checked, env=clean | {"ONTOLOGIE_PORT": "1"}, check=False).returncode == 1


def test_compose_runs_pages_and_workers_beside_a_database() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert set(services) == {"database", "web", "worker"}
    assert {services[name]["command"][0] for name in ("web", "worker")} <= COMMANDS
    assert services["web"]["ports"] == ["127.0.0.1:8650:8650"], "never open to the network by itself"
    for name in ("web", "worker"):
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]
    assert {services[name]["stop_grace_period"] for name in ("web", "worker")} == {"20s"}, "SIGTERM is promised 10 s"
    assert all(services[name]["logging"]["options"]["max-size"] for name in services), "it runs for years"


def test_kubernetes_runs_pages_and_workers_that_may_nothing() -> None:
    found = workloads()
    assert {container["args"][0] for item in found for container in item["containers"]} == {"web", "worker"}
    for item in found:
        assert item["securityContext"]["runAsNonRoot"]
        assert item["securityContext"]["runAsGroup"] == item["securityContext"]["runAsUser"] == 10001
        assert item["terminationGracePeriodSeconds"] == 20, "SIGTERM is promised 10 s, after 3 s of preStop"
        for container in item["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"]
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert {container[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe")} == {"/healthz"}


def test_kubernetes_never_runs_two_versions_side_by_side() -> None:
    deployments = [item["spec"] for item in manifests() if item["kind"] == "Deployment"]
    assert {item["strategy"]["type"] for item in deployments} == {"Recreate"}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_never_gives_up_and_waits_for_the_end(unit: Path) -> None:
    text = unit.read_text()
    assert "\nStartLimitIntervalSec=0\n" in text, "a database may be away for as long as it likes"
    [patience] = re.findall(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert int(patience) >= (90 if unit.name == "ontologie.service" else 20)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_that_exists_and_verifies(unit: Path) -> None:
    [command] = re.findall(r"^ExecStart=/opt/ontologie/bin/ontologie (\w+)$", unit.read_text(), re.MULTILINE)
    assert command in COMMANDS
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    said = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False).stderr
    about_us = [line for line in said.splitlines() if "ontologie" in line and "is not executable" not in line]
    assert about_us == []
