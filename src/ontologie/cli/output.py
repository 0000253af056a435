"""What the commands print: tables for people, JSON for programs, one clear sentence for an error."""

import os
from collections.abc import Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from ontologie.errors import ActionRequired, OntologieError, UsageError
from ontologie.model.diagnosis import Language, explain
from ontologie.model.run import Covered, ObjectProgress, Run
from ontologie.model.stream import StreamStatus
from ontologie.services.runs import exit_code

stdout = Console(highlight=False)
stderr = Console(stderr=True, highlight=False)

WRONG_USAGE = 2


def language() -> Language:
    """French where the environment says so, else English."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "fr" if spoken.startswith("fr") else "en"


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    stdout.out(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def report(error: OntologieError) -> int:
    """Say what is wrong and what to do, on stderr; the exit code that goes with it."""
    said = explain(error.code, error.params, language())
    stderr.print(f"[bold red]✗[/] {said.problem}", markup=True, soft_wrap=True)
    stderr.print(f"  {said.remedy}", markup=False, soft_wrap=True)
    if isinstance(error, UsageError):
        return WRONG_USAGE
    return 4 if isinstance(error, ActionRequired) else 1


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A plain table on stdout; numbers to the right."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(columns):
        numeric = any(isinstance(row[index], int | float) for row in rows)
        grid.add_column(name, justify="right" if numeric else "left", no_wrap=index == 0)
    for row in rows:
        grid.add_row(*["" if cell is None else f"{cell:,}" if type(cell) is int else str(cell) for cell in row])
    stdout.print(grid, markup=False)


def run_as_json(source_name: str, run: Run) -> dict[str, Any]:
    """The promise of ``ontologie sync --json``."""
    streams: dict[str, list[ObjectProgress]] = {}
    for item in run.objects:
        streams.setdefault(item.stream, []).append(item)
    return {
        "source": source_name,
        "run": run.id,
        "status": run.status.value,
        "exit_code": exit_code(run.status),
        "diagnosis": run.diagnosis_code,
        "streams": [
            {
                "stream": name,
                **_figures(items),
                "objects": [
                    {"object_type": item.object_type, **_figures([item]), "covered": list(item.covered)}
                    for item in items
                ],
            }
            for name, items in streams.items()
        ],
    }


def print_run(source_name: str, run: Run) -> None:
    """What a run did, per object type, then each problem with its remedy."""
    columns = ["", "status", "read", "new", "changed", "same", "archived", "rejected", "requests", "s"]
    rows = []
    for item in run.objects:
        figures = _figures([item])
        rows.append([item.object_type, figures["status"], *[figures[name] for name in _COUNTS], f"{item.seconds:.1f}"])
    table(columns, rows)
    stdout.print(f"\n{source_name}: [bold]{run.status.value.replace('_', ' ')}[/]")
    for covered, object_types in _coverage(run.objects).items():
        stdout.print(f"Covered ({', '.join(object_types)}): {covered}.", markup=False, soft_wrap=True)
    checked = _full_check(run.objects)
    if checked is not None:
        stdout.print(f"Full check: {checked['ours']:,} records here, {checked['theirs']:,} in HubSpot.")
    problems = {(item.diagnosis_code, tuple(item.diagnosis_params.items())) for item in run.objects}
    problems.add((run.diagnosis_code, tuple(run.diagnosis_params.items())))
    for code, params in sorted(problem for problem in problems if problem[0]):
        said = explain(str(code), dict(params), language())
        stdout.print(f"• {said.problem} {said.remedy}", markup=False, soft_wrap=True)


_COUNTS = ("read", "inserted", "updated", "unchanged", "archived", "rejected_values", "requests")


def _figures(items: Sequence[ObjectProgress]) -> dict[str, Any]:
    worst = StreamStatus.worst([item.status for item in items])
    codes = sorted({item.diagnosis_code for item in items if item.diagnosis_code})
    return {
        "status": worst.value,
        "diagnoses": codes,
        "read": sum(item.read for item in items),
        "inserted": sum(item.counts.inserted for item in items),
        "updated": sum(item.counts.updated for item in items),
        "unchanged": sum(item.counts.unchanged for item in items),
        "archived": sum(item.counts.archived for item in items),
        "rejected_values": sum(item.counts.rejected_values for item in items),
        "set_aside": sum(item.counts.set_aside for item in items),
        "full_check": _full_check(items),
        "requests": sum(item.requests for item in items),
        "seconds": round(max((item.seconds for item in items), default=0.0), 3),
    }


_COVERED = {
    "backfill": "all live records",
    "archived": "the list of deleted records",
    "sweep": "all live records once more, with what no modified date tells",
}
_WINDOWS = {"changes": "changes", "second_look": "changes, for the second time,"}


def _coverage(items: Sequence[ObjectProgress]) -> dict[str, list[str]]:
    """What was read to its end, in words, with the object types it is true of."""
    found: dict[str, list[str]] = {}
    for item in items:
        if item.covered:
            found.setdefault("; ".join(map(_in_words, item.covered)), []).append(item.object_type)
    return found


def _in_words(covered: Covered) -> str:
    if covered.until is None:
        return _COVERED.get(covered.key, covered.key)
    window = f"from {covered.since:%Y-%m-%d %H:%M:%S} to {covered.until:%Y-%m-%d %H:%M:%S} UTC"
    return f"{_WINDOWS.get(covered.key, covered.key)} {window}"


def _full_check(items: Sequence[ObjectProgress]) -> dict[str, int] | None:
    """What a full check counted on both sides; None where none was made: then only changes were covered."""
    checked = [item for item in items if item.checked_theirs is not None]
    if not checked or len(checked) < len(items):
        return None
    return {
        "ours": sum(item.checked_ours or 0 for item in checked),
        "theirs": sum(item.checked_theirs or 0 for item in checked),
    }
