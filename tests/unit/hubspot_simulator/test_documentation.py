"""The documentation names every setting, switch, event and address."""

from pathlib import Path

import msgspec
import pytest

from hubspot_simulator import BadDays, Portal, PortalConfig, build_app
from hubspot_simulator.admin import EVENTS
from hubspot_simulator.portal import LIVE_SETTINGS
from hubspot_simulator.script import KINDS

_TEXT = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text("utf-8")


@pytest.mark.parametrize("name", [*PortalConfig.__struct_fields__, *BadDays.__struct_fields__, *EVENTS, *KINDS])
def test_it_is_named(name: str) -> None:
    assert f"`{name}`" in _TEXT or f"`{name}`*" in _TEXT


@pytest.mark.parametrize("name", LIVE_SETTINGS)
def test_what_changes_while_it_runs_is_marked(name: str) -> None:
    assert f"`{name}`*" in _TEXT


def test_every_address_of_the_admin_api_is_listed() -> None:
    paths = {route.resource.canonical for route in build_app(Portal()).router.routes() if route.resource is not None}
    admin = {path for path in paths if path.startswith("/_simulator/") and "assets" not in path}
    assert {path for path in admin if f"{path}`" not in _TEXT and f"{path}?" not in _TEXT} == set()


def test_the_settings_have_the_defaults_that_are_told() -> None:
    defaults = {field.name: field.default for field in msgspec.structs.fields(PortalConfig)}
    assert (defaults["burst_per_10_s"], defaults["oauth_burst_per_10_s"], defaults["search_per_s"]) == (110, 110, 5)
    assert (defaults["max_url_bytes"], defaults["portal_id"]) == (16_000, 145_000_001)
