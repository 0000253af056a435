"""The dashboard and the alerts ask for metrics that are documented.

That the documented ones are those that are told is shown by ``tests/acceptance/test_watched.py``.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ontologie.model.stream import StreamStatus

ROOT = Path(__file__).parents[2]
_NAME = re.compile(r"\bontologie_\w+")


def documented() -> set[str]:
    page = (ROOT / "docs" / "reference" / "metrics.md").read_text()
    return set(re.findall(r"^\| `(ontologie_\w+)`", page, re.MULTILINE))


def alerts() -> list[dict[str, Any]]:
    [group] = yaml.safe_load((ROOT / "deploy" / "prometheus" / "ontologie.rules.yml").read_text())["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def expressions(where: str) -> list[str]:
    if where == "alerts":
        return [str(rule["expr"]) for rule in alerts()]
    panels = json.loads((ROOT / "deploy" / "grafana" / "ontologie.json").read_text())["panels"]
    return [str(target["expr"]) for panel in panels for target in panel["targets"]]


@pytest.mark.parametrize("where", ["dashboard", "alerts"])
def test_every_metric_asked_for_is_one(where: str) -> None:
    for expression in expressions(where):
        asked = _NAME.findall(expression)
        assert asked, expression
        assert {name.removesuffix("_bucket") for name in asked} <= documented()


@pytest.mark.parametrize("where", ["dashboard", "alerts"])
def test_every_status_asked_for_is_one(where: str) -> None:
    asked = re.findall(r'ontologie_stream_status\{status=~?"([^"]*)"', " ".join(expressions(where)))
    assert asked
    assert {status for found in asked for status in found.split("|")} <= {status.value for status in StreamStatus}


def test_an_alert_says_what_is_wrong_and_what_to_do() -> None:
    names = [rule["alert"] for rule in alerts()]
    assert len(names) == len(set(names))
    for rule in alerts():
        assert set(rule["annotations"]) == {"summary", "remedy"}
        assert rule["labels"]["severity"] in ("warning", "critical")
