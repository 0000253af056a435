"""Every text of the pages is there in both languages, with the same places to fill."""

import re
import string
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, PackageLoader, nodes

from ontologie.model.run import RunStatus
from ontologie.model.stream import StreamStatus
from ontologie.web.catalogue import load_texts

_FOLDER = files("ontologie.web")
_LOCALES = {language: _FOLDER.joinpath("locale", f"{language}.po").read_bytes() for language in ("en", "fr")}
_TEXTS = {language: load_texts(po, language) for language, po in _LOCALES.items()}
_ENVIRONMENT = Environment(loader=PackageLoader("ontologie.web"), autoescape=True)
_TEMPLATES = _ENVIRONMENT.list_templates(["html"])


def raw(language: str) -> dict[str, str]:
    with _FOLDER.joinpath("locale", f"{language}.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale=language) if one.id}


def calls_in(template: str) -> list[nodes.Node]:
    """The first argument of every call of ``t``."""
    source = Path(str(_FOLDER.joinpath("templates", template))).read_text()
    tree = _ENVIRONMENT.parse(source)
    return [
        call.args[0]
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "t"
    ]


def pattern(node: nodes.Node) -> str:
    """The keys an expression may give, as a regular expression: what is not literal may be anything."""
    if isinstance(node, nodes.Const):
        return re.escape(str(node.value))
    if isinstance(node, nodes.Add):
        return pattern(node.left) + pattern(node.right)
    if isinstance(node, nodes.Concat):
        return "".join(map(pattern, node.nodes))
    if isinstance(node, nodes.CondExpr):
        other = "" if node.expr2 is None else pattern(node.expr2)
        return f"(?:{pattern(node.expr1)}|{other})"
    return r"\w+"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert _TEXTS["en"].keys() == _TEXTS["fr"].keys()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_key_is_defined_twice_or_left_empty(language: str) -> None:
    keys = re.findall(r'^msgid "(.+)"$', _LOCALES[language].decode(), re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert [key for key, text in raw(language).items() if not text.strip()] == []


@pytest.mark.parametrize("key", sorted(_TEXTS["en"].keys()))
def test_a_text_has_the_same_places_to_fill_in_both_languages(key: str) -> None:
    assert placeholders(raw("en")[key]) == placeholders(raw("fr")[key])


@pytest.mark.parametrize("template", _TEMPLATES)
def test_every_key_of_a_template_exists(template: str) -> None:
    keys = _TEXTS["en"].keys()
    for argument in calls_in(template):
        expected = re.compile(pattern(argument))
        assert any(expected.fullmatch(key) for key in keys), f"{template}: no text for {expected.pattern}"


def test_some_template_asks_for_texts() -> None:
    assert sum(len(calls_in(template)) for template in _TEMPLATES) > 10


@pytest.mark.parametrize("template", _TEMPLATES)
def test_every_status_that_a_page_may_show_has_its_text(template: str) -> None:
    prefixes = {
        str(argument.left.value)
        for argument in calls_in(template)
        if isinstance(argument, nodes.Add) and isinstance(argument.left, nodes.Const)
    }
    for prefix in prefixes & {"status_", "run_status_"}:
        for status in (*StreamStatus, *RunStatus):
            if prefix == "run_status_" and not isinstance(status, RunStatus):
                continue
            if prefix == "status_" and not isinstance(status, StreamStatus):
                continue
            assert prefix + status.value in set(_TEXTS["en"].keys())
