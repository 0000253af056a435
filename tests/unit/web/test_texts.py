"""Every text of the pages is there in both languages, with the same places to fill."""

import re
import string
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from jinja2 import Environment, PackageLoader, nodes

from ontologie.model.run import DIFFERENCES, CountsMean, RunStatus
from ontologie.model.stream import StreamStatus
from ontologie.web.catalogue import Texts, load_language, load_texts

_FOLDER = files("ontologie.web")
_LOCALE = _FOLDER.joinpath("locale")
_TEXTS = {language: load_language(_LOCALE, language) for language in ("en", "fr")}
_PAGES = sorted(file.name for file in _LOCALE.joinpath("en").iterdir())
_ENVIRONMENT = Environment(loader=PackageLoader("ontologie.web"), autoescape=True)
_TEMPLATES = _ENVIRONMENT.list_templates(["html"])


@cache
def raw(language: str) -> dict[str, str]:
    return {
        key: " ".join(forms)
        for file in _LOCALE.joinpath(language).iterdir()
        for key, forms in load_texts(file.read_bytes(), language).items()
    }


def calls_in(template: str, *names: str) -> list[nodes.Node]:
    """The first argument of every call of ``t`` and ``tn``, or of these names."""
    source = Path(str(_FOLDER.joinpath("templates", template))).read_text()
    tree = _ENVIRONMENT.parse(source)
    return [
        call.args[0]
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in (names or ("t", "tn"))
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


def test_both_languages_have_the_same_pages() -> None:
    assert sorted(file.name for file in _LOCALE.joinpath("fr").iterdir()) == _PAGES


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("page", _PAGES)
def test_no_key_is_defined_twice_or_left_empty(language: str, page: str) -> None:
    po = _LOCALE.joinpath(language, page).read_bytes()
    keys = re.findall(r'^msgid "(.+)"$', po.decode(), re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert [key for key, text in load_texts(po, language).items() if not all(form.strip() for form in text)] == []


def test_a_key_of_two_pages_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    for name in ("a.po", "b.po"):
        (tmp_path / "en" / name).write_text('msgid "same"\nmsgstr "text"\n')
    with pytest.raises(ValueError, match=r"b\.po: same"):
        load_language(tmp_path, "en")


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


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("en", 0, "0 new tries"), ("en", 1, "1 new try"), ("en", 2, "2 new tries"),
        ("fr", 0, "0 nouvelle tentative"), ("fr", 1, "1 nouvelle tentative"), ("fr", 2, "2 nouvelles tentatives"),
        ("fr", 1_000_000, "1000000 nouvelles tentatives"),
    ],
)  # fmt: skip
def test_a_number_takes_the_form_of_its_language(language: str, number: int, said: str) -> None:
    assert _TEXTS[language].counted("run_retries", number, count=number) == said


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_counted_has_both_forms(language: str) -> None:
    forms = {}
    for file in _LOCALE.joinpath(language).iterdir():
        forms |= load_texts(file.read_bytes(), language)
    counted = {
        str(argument.value)
        for template in _TEMPLATES
        for argument in calls_in(template, "tn")
        if isinstance(argument, nodes.Const)
    }
    # told by the story of a run
    counted |= {f"differed_{name}" for name in DIFFERENCES} | {"check_nothing", "check_repaired"}
    counted |= {f"counts_{meaning.value}" for meaning in CountsMean}
    assert counted == {key for key, known in forms.items() if len(known) > 1}


def test_french_has_its_typography() -> None:
    wrong = {key: text for key, text in raw("fr").items() if re.search(r" [:;!?»]|« |\w'[\w{«]", text)}
    assert wrong == {}


def test_a_custom_object_is_called_by_its_name_without_the_accounts_number() -> None:
    texts = Texts({"stream_deals": ("Deals",)}, "en")
    assert texts.called("stream", "p145000001_cars") == "Cars"
    assert texts.called("object", "p145000001_service_visits") == "Service visits"
    assert texts.called("stream", "deals") == "Deals"
    assert texts.called("object", "p22334455_TE_ST-obj5") == "TE ST-obj5"
    for name in ("p145000001_", "p1_ _", "p1_5", "people_of_note", "pipeline"):
        assert texts.called("stream", name) == name
