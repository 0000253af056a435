"""Every diagnosis is provoked by a test that asserts its code, or, where a page shows it, its words."""

import ast
import functools
from pathlib import Path

import pytest

import tests
from ontologie.errors import LeaseLost
from ontologie.httpclient.webhook import WebhookFailed
from ontologie.model.diagnosis import CATALOGUE, access, authorizing, hubspot, machine, oauth_app

TESTS = Path(tests.__file__).parent
_OF_THE_CONNECTION = (access, authorizing, oauth_app, hubspot, machine)
_ON_THE_WHOLE = ("acceptance", "browser", "unit/services")
"""Tests that stand on the simulated portal and a real PostgreSQL."""
_BY_WORDS = {
    "DATA_OTHER_POSTGRES": ("acceptance/test_moving.py", "belongs to another PostgreSQL than version"),
    "MOVE_TARGET_TAKEN": ("acceptance/test_moving.py", "The target already holds schemas of these names"),
    "POPUP_BLOCKED": ("browser/test_oauth.py", "The browser did not let us open HubSpot's window."),
    "POPUP_CLOSED": ("browser/test_oauth.py", "HubSpot's window was closed before"),
    "OAUTH_CLIENT_MALFORMED": ("browser/test_own_app.py", "The client ID or the client secret is empty"),
    "SQL_REFUSED": ("acceptance/test_bad_input.py", "PostgreSQL refused"),
}
"""Where a test reads the words instead of the code: the file, and the words, which are the diagnosis's own."""
_BY_CLASS = {
    "LEASE_LOST": ("unit/store/test_load.py", LeaseLost),
    "NOTIFICATION_FAILED": ("unit/jobs/test_courier.py", WebhookFailed),
}
"""Where a test expects the error's own class, which has no other code."""


@functools.cache
def provoked() -> dict[str, list[str]]:
    """By code, the test files that name it as a whole string; the tests of the catalogue itself left out."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        name = path.relative_to(TESTS).as_posix()
        if name.startswith("unit/model/"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and node.value in CATALOGUE and name not in found.get(node.value, []):
                found.setdefault(str(node.value), []).append(name)
    for code, (name, _) in (*_BY_WORDS.items(), *_BY_CLASS.items()):
        found.setdefault(code, []).append(name)
    return found


def test_words_that_stand_for_a_code_are_its_own_and_in_the_test() -> None:
    for code, (name, words) in _BY_WORDS.items():
        assert words in CATALOGUE[code].en.problem
        assert words in (TESTS / name).read_text()


def test_classes_that_stand_for_a_code_have_it_and_are_expected_in_the_test() -> None:
    for code, (name, kind) in _BY_CLASS.items():
        assert kind.default_code == code
        assert f"raises({kind.__name__}" in (TESTS / name).read_text()


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_code_is_provoked(code: str) -> None:
    assert provoked().get(code)


@pytest.mark.parametrize("code", sorted(item.code for family in _OF_THE_CONNECTION for item in family.ENTRIES))
def test_a_code_of_the_connection_is_provoked_on_the_simulated_portal(code: str) -> None:
    assert any(name.startswith(_ON_THE_WHOLE) for name in provoked().get(code, ()))
