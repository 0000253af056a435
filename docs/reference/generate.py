"""Write the pages of this folder from the code.

    .venv/bin/python docs/reference/generate.py

``tests/unit/test_reference_pages.py`` fails when one of them is stale.
"""

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from typer.main import get_command

from ontologie.api import answers
from ontologie.api.routes import ROUTES, description
from ontologie.cli.main import app
from ontologie.model.diagnosis import CATALOGUE, Severity
from ontologie.model.object_types import NUMBERS
from ontologie.settings import Settings
from ontologie.store import layouts
from ontologie.store.tables import OURS

HERE = Path(__file__).parent
_GENERATED = "<!-- Made by docs/reference/generate.py: change the code, not this page. -->\n"


def settings_page() -> str:
    """Every setting, with its variable, default and meaning."""
    rows = ["# Settings", "", _GENERATED]
    rows.append("Each is an environment variable or, by its name in lower case without the prefix, a line of")
    rows.append("`ontologie.toml` in the data folder; the environment wins.")
    rows += ["", "| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "`~/.ontologie`" if name == "home" else "" if field.default is None else f"`{field.default}`"
        rows.append(f"| `ONTOLOGIE_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def commands_page() -> str:
    """Every command with its options."""
    rows = ["# Commands", "", _GENERATED]
    rows.append("Exit codes: 0 done (for `sync`: Synced), 1 error, 2 wrong usage, 3 Partial, 4 Action required,")
    rows.append("130 interrupted.")
    rows += _commands("ontologie", get_command(app))
    return "\n".join(rows) + "\n"


def _commands(prefix: str, group: Any) -> list[str]:
    rows: list[str] = []
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            rows += _commands(f"{prefix} {name}", command)
            continue
        arguments = [item for item in command.params if item.param_type_name == "argument"]
        options = [item for item in command.params if item.param_type_name == "option" and item.name != "help"]
        usage = " ".join(item.metavar or item.name.upper() for item in arguments)
        rows += ["", f"## `{f'{prefix} {name} {usage}'.strip()}`", "", command.help or ""]
        if options:
            rows += ["", "| option | meaning |", "|---|---|"]
        rows += [f"| `{'`, `'.join(item.opts)}` | {item.help or ''} |" for item in options]
    return rows


_SEVERITIES = {
    Severity.NOTICE: "Notice: worth knowing, nothing to do.",
    Severity.WARNING: "Warning: data is late or incomplete for a while.",
    Severity.ACTION: "Action required.",
    Severity.FAULT: "Fault of ours or of HubSpot's.",
}


def diagnoses_page() -> str:
    """Every diagnosis in both languages."""
    rows = ["# Diagnoses", "", _GENERATED]
    for code, item in sorted(CATALOGUE.items()):
        rows += ["", f"## {code}", "", _SEVERITIES[item.severity]]
        for language in ("en", "fr"):
            said = getattr(item, language)
            effect = said.data or getattr(item.effect.value, language)
            rows += ["", f"**{said.problem}** {effect}", ""]
            rows += [f"{number}. {step}" for number, step in enumerate(said.steps or (said.remedy,), start=1)]
            rows += ["", getattr(item.retry.value, language)]
            if item.link:
                rows.append(f"{getattr(item.link.label, language)}: <{item.link.general}>")
    return "\n".join(rows) + "\n"


def api_page() -> str:
    """Every route of the REST API."""
    found = description(version("ontologie"))
    rows = ["# REST API", "", _GENERATED]
    rows.append("Send `Authorization: Bearer` and an API key (Settings > API keys, shown once). Base: `/api/v1`; the")
    rows.append("OpenAPI description is at `/api/v1/openapi.json`. Answers are JSON: a list is `data` with `next`, the")
    rows.append("`cursor` of the following page, null at the end. What goes wrong is `code` (see")
    rows.append("[Diagnoses](diagnoses.md)), `problem` and `remedy`.")
    rows += ["", "| route | scope | what |", "|---|---|---|"]
    scopes = {
        (str(method), re.sub(r":\w+}", "}", path)): handler.opt["scope"].value
        for handler in ROUTES
        for path in handler.paths
        for method in handler.http_methods
    }
    for path, methods in found["paths"].items():
        for method, route in methods.items():
            scope = scopes[method.upper(), path.removeprefix("/api/v1")]
            rows.append(f"| `{method.upper()} {path}` | `{scope}` | {route['summary']} |")
    for name, schema in found["components"]["schemas"].items():
        if name.startswith("Page_"):
            continue  # data and next, said above
        rows += ["", f"## {name}", "", _docstring(name), ""]
        rows += [f"- `{key}`: {_api_type(value)}" for key, value in schema.get("properties", {}).items()]
    return "\n".join(rows) + "\n"


def _docstring(name: str) -> str:
    return " ".join((getattr(answers, name).__doc__ or "").split())


def _api_type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "oneOf" in schema:
        return " or ".join(_api_type(item) for item in schema["oneOf"])
    if schema.get("type") == "array":
        return f"list of {_api_type(schema['items'])}"
    return str(schema.get("format") or schema.get("type", "anything"))


def diagram_page() -> str:
    """The tables of a source and what joins them, as a diagram."""
    rows = ["# The tables of a source", "", _GENERATED, "```mermaid", "erDiagram"]
    for name, columns in _tables().items():
        rows += [f"    {name} {{", *(f"        {kind} {column}" for column, kind in columns), "    }"]
    rows += [f"    {one} }}o--|| {other} : {label}" for one, other, label in _JOINS]
    rows += ["```", "", "`RECORDS` stands for each of " + ", ".join(f"`{name}`" for name in NUMBERS) + ", which have"]
    rows += ["these columns of ours and one for each property. [What each is](store.md)."]
    return "\n".join(rows) + "\n"


_JOINS = (
    ("associations", "RECORDS", "from_type-from_id"),
    ("associations", "RECORDS", "to_type-to_id"),
    ("associations", "association_labels", "category-type_id"),
    ("RECORDS", "owners", "hubspot_owner_id"),
    ("RECORDS", "pipelines", "pipeline"),
    ("RECORDS", "pipeline_stages", "dealstage"),
    ("pipeline_stages", "pipelines", "pipeline_id"),
    ("properties", "RECORDS", "column_name"),
    ("merges", "RECORDS", "into_id"),
)


def _tables() -> dict[str, list[tuple[str, str]]]:
    """(column, type) of the tables that users query, from the layout's own SQL."""
    found = {"RECORDS": [(name, kind.split()[0]) for name, kind in OURS]}
    for _, text in layouts.available():
        for name, body in re.findall(r"^CREATE TABLE (\w+) \(\n(.*?)\n\);", text, re.MULTILINE | re.DOTALL):
            lines = [line.strip().rstrip(",").split() for line in body.splitlines()]
            columns = [(line[0], line[1]) for line in lines if line[0].islower() or line[0].startswith("_")]
            if not name.startswith("_"):
                found[name] = columns
    return found


PAGES = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "diagnoses.md": diagnoses_page,
    "api.md": api_page,
    "store-diagram.md": diagram_page,
}

if __name__ == "__main__":
    for page, text in PAGES.items():
        (HERE / page).write_text(text(), encoding="utf-8")
