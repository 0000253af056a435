"""Every trouble has its sentences, in both languages, and every code in use is known."""

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest

import ontologie
from ontologie import errors
from ontologie.model.diagnosis import (
    CATALOGUE,
    Diagnosis,
    Effect,
    Severity,
    Situation,
    data,
    explain,
    files,
    ontology,
    people,
    reading,
    usage,
)

SOURCE = Path(ontologie.__file__).parent
_CODE_ARGUMENTS = ("code", "default_code", "diagnosis_code")


def constants(node: ast.AST) -> list[str]:
    """The strings an expression may give: of a conditional, both."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return constants(node.body) + constants(node.orelse)
    return []


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """The source's syntax, read once for all that look at it."""
    return tuple(ast.walk(ast.parse(path.read_text())))


def codes_in(path: Path) -> set[str]:
    """Every literal that the source gives as a diagnosis code."""
    found: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.keyword) and node.arg in _CODE_ARGUMENTS:
            found.update(constants(node.value))
        if isinstance(node, ast.Assign) and any(
            isinstance(name, ast.Name) and name.id in _CODE_ARGUMENTS for name in node.targets
        ):
            found.update(constants(node.value))
    return {code for code in found if code.isupper()}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


USED = {path: codes_in(path) for path in sorted(SOURCE.rglob("*.py"))}
diagnoses = pytest.mark.parametrize("diagnosis", CATALOGUE.values(), ids=list(CATALOGUE))


def test_codes_are_found_in_the_source() -> None:
    assert len(set().union(*USED.values())) > 20


@pytest.mark.parametrize("path", [path for path, codes in USED.items() if codes], ids=lambda path: path.name)
def test_every_code_in_use_is_in_the_catalogue(path: Path) -> None:
    assert USED[path] <= set(CATALOGUE)


def test_every_code_of_the_catalogue_is_in_use() -> None:
    text = "".join(path.read_text() for path in USED if "diagnosis" not in path.parts)
    assert [code for code in CATALOGUE if f'"{code}"' not in text] == []


@diagnoses
def test_both_languages_say_something_with_the_same_parameters(diagnosis: Diagnosis) -> None:
    pairs = [(diagnosis.en.problem, diagnosis.fr.problem), (diagnosis.en.remedy, diagnosis.fr.remedy)]
    pairs += zip(diagnosis.en.steps, diagnosis.fr.steps, strict=True)
    for english, french in pairs:
        assert english.strip()
        assert french.strip()
        assert placeholders(english) == placeholders(french)
    assert bool(diagnosis.en.data) == bool(diagnosis.fr.data) == (diagnosis.effect is Effect.OWN)
    assert diagnosis.en != diagnosis.fr


@diagnoses
def test_every_sentence_ends_as_one(diagnosis: Diagnosis) -> None:
    for said in (diagnosis.en, diagnosis.fr):
        assert all(text.rstrip('"').endswith((".", "?", "}")) for text in (said.problem, said.remedy, *said.steps))


@diagnoses
def test_a_parameter_that_is_missing_breaks_no_page(diagnosis: Diagnosis) -> None:
    for language in ("en", "fr"):
        said = explain(diagnosis.code, {}, language)  # type: ignore[arg-type]
        assert "{" not in " ".join((said.problem, said.remedy, said.data, said.retry, *said.steps))
        assert said.data
        assert said.steps
        assert said.retry


def test_parameters_are_filled_in_as_they_are() -> None:
    said = explain("SOURCE_UNKNOWN", {"source": "{x} <b>"}, "fr")
    assert "{x} <b>" in said.problem


def all_errors(kind: type[errors.OntologieError] = errors.OntologieError) -> list[type[errors.OntologieError]]:
    return [kind, *(found for child in kind.__subclasses__() for found in all_errors(child))]


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
def test_every_class_of_error_has_a_code_of_the_catalogue(kind: type[errors.OntologieError]) -> None:
    assert kind.default_code in CATALOGUE


def test_an_error_says_something_even_when_it_was_told_nothing() -> None:
    assert str(errors.LeaseLost()) == "LEASE_LOST"
    assert str(errors.UsageError(code="SOURCE_UNKNOWN")) == "SOURCE_UNKNOWN"


def test_a_diagnosis_says_which_streams_are_concerned_and_since_when() -> None:
    situation = Situation(streams=("Contacts", "Deals"), since="24 Nov, 10:00")
    said = explain("HUBSPOT_TOKEN_INVALID", {}, "en", situation)
    assert said.data.endswith("Streams: Contacts, Deals. Nothing newer than 24 Nov, 10:00.")


def test_the_link_leads_to_the_place_in_the_account_itself() -> None:
    situation = Situation(portal_id=145000000, ui_domain="app-eu1.hubspot.com")
    told = explain("HUBSPOT_SCOPE_MISSING", {"scope": "tickets"}, "fr", situation)
    assert told.link == "https://app-eu1.hubspot.com/service-keys/145000000"


@pytest.mark.parametrize("host", ["evil.example", "hubspot.com.evil.example", "a/b.hubspot.com", ""])
def test_a_link_never_leaves_hubspot_whatever_an_answer_claimed(host: str) -> None:
    told = explain("HUBSPOT_SCOPE_MISSING", {}, "en", Situation(portal_id=1, ui_domain=host))
    assert told.link == "https://app.hubspot.com/service-keys"


def raised_in(path: Path) -> list[tuple[str, set[str]]]:
    """The errors that the source makes with a literal code: the code, and the parameters it brings."""
    found = []
    for node in nodes_of(path):
        given = {item.arg: item.value for item in node.keywords} if isinstance(node, ast.Call) else {}
        if "code" in given and not given.keys() & {None, "params", "problem"}:
            found += [(code, set(map(str, given))) for code in constants(given["code"]) if code in CATALOGUE]
    return found


@pytest.mark.parametrize(
    "path", [path for path in USED if raised_in(path) and "diagnosis" not in path.parts], ids=lambda path: path.name
)
def test_an_error_brings_every_parameter_that_its_words_hold(path: Path) -> None:
    for code, given in raised_in(path):
        said = CATALOGUE[code].en
        needed = set().union(*map(placeholders, (said.problem, said.remedy, said.data, *said.steps)))
        assert needed <= given, code


_ONE_STEP_IS_ENOUGH = (data, files, ontology, people, reading, usage)
"""Where the reader asked for something that cannot be: the remedy says what to ask for instead."""


@diagnoses
def test_what_somebody_has_to_mend_is_told_step_by_step(diagnosis: Diagnosis) -> None:
    stops = diagnosis.severity is Severity.ACTION and diagnosis.effect in (Effect.STREAM, Effect.SOURCE)
    if stops or not any(diagnosis in family.ENTRIES for family in _ONE_STEP_IS_ENOUGH):
        for said in (diagnosis.en, diagnosis.fr):
            assert len(said.steps) > 1
            assert len(set(said.steps)) == len(said.steps)


@diagnoses
def test_french_is_set_as_french_is(diagnosis: Diagnosis) -> None:
    said = diagnosis.fr
    for text in (said.problem, said.remedy, said.data, *said.steps):
        assert not re.search(r" [;?!»]|« |\w :(?= )|'", text), text


_NAMELESS = {kind.__name__ for kind in all_errors() if kind.default_code == "INTERNAL_ERROR"} - {"OntologieError"}
"""The class at the root says that it is our bug."""


def made_in(path: Path) -> list[tuple[str, int, set[str | None]]]:
    """Each error of ours that the source makes: its class, the line, the keywords it is given."""
    names = {kind.__name__ for kind in all_errors()}
    return [
        (node.func.id, node.lineno, {item.arg for item in node.keywords})
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


@pytest.mark.parametrize("path", [path for path in USED if made_in(path)], ids=lambda path: path.name)
def test_an_error_is_made_with_a_code_where_its_class_has_none_of_its_own(path: Path) -> None:
    for name, line, given in made_in(path):
        assert name not in _NAMELESS or "code" in given, f"line {line}: {name} is told as an internal error"


_OF_THE_CONNECTION = sorted(
    path for part in ("connectors", "httpclient") for path in SOURCE.joinpath(part).rglob("*.py")
)


@pytest.mark.parametrize("path", _OF_THE_CONNECTION, ids=lambda path: path.name)
def test_what_talks_to_hubspot_lets_no_error_out_but_ours(path: Path) -> None:
    tree = ast.parse(path.read_text())
    caught = {
        name.id
        for handler in ast.walk(tree)
        if isinstance(handler, ast.ExceptHandler) and handler.type
        for name in ast.walk(handler.type)
        if isinstance(name, ast.Name)
    }
    ours = {kind.__name__ for kind in all_errors()} | caught
    for node in ast.walk(tree):
        if not isinstance(node, ast.Raise) or node.exc is None:
            continue
        made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        name = made.id if isinstance(made, ast.Name) else ""
        assert not name[:1].isupper() or name in ours, f"line {node.lineno}: {name}"
