"""What the commands print: tables for people, JSON for programs, one clear sentence for an error."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ontologie.clock import SystemClock
from ontologie.errors import ActionRequired, OntologieError, UsageError
from ontologie.model.diagnosis import Language, explain
from ontologie.model.object_types import label_of, named
from ontologie.model.run import ObjectProgress, Run
from ontologie.model.source import Source
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
    stderr.print(f"[bold red]✗[/] {escape(said.problem)}", markup=True, soft_wrap=True)
    stderr.print(f"  {said.remedy}", markup=False, soft_wrap=True)
    if isinstance(error, UsageError):
        return WRONG_USAGE
    return 4 if isinstance(error, ActionRequired) else 1


def warn(code: str, **params: str) -> None:
    """Say on stderr what is worth knowing and stops nothing."""
    said = explain(code, params, language())
    stderr.print(f"{said.problem}\n  {said.remedy}", markup=False, soft_wrap=True)


def counted(number: int, noun: str) -> str:
    """``1 source``, ``2 sources``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


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
                    {"object_type": item.object_type, **_figures([item]), **_looked_at(item)}
                    for item in items
                ],
            }
            for name, items in streams.items()
        ],
    }


def _looked_at(item: ObjectProgress) -> dict[str, Any]:
    return {"covered": list(item.covered), "compared": item.compared}


def print_run(source: Source, run: Run) -> None:
    """What a run did, per object type, then each problem with its remedy."""
    columns = ["", "status", "read", "new", "changed", "same", "archived", "rejected", "requests", "s"]
    rows = []
    for item in run.objects:
        figures = _figures([item])
        label = label_of(item.object_type, source.called)
        rows.append([label, figures["status"], *[figures[name] for name in _COUNTS], f"{item.seconds:.1f}"])
    table(columns, rows)
    stdout.print(f"\n{source.name}: [bold]{run.status.value.replace('_', ' ')}[/]")
    for sentence in _told(source, run.objects):
        stdout.print(sentence, markup=False, soft_wrap=True)
    problems = {(item.diagnosis_code, tuple(item.diagnosis_params.items())) for item in run.objects}
    problems.add((run.diagnosis_code, tuple(run.diagnosis_params.items())))
    for code, params in sorted(problem for problem in problems if problem[0]):
        said = explain(str(code), named(dict(params), source.called), language())
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
        "links": sum(item.counts.links for item in items),
        "rejected_values": sum(item.counts.rejected_values for item in items),
        "set_aside": sum(item.counts.set_aside for item in items),
        "full_check": _full_check(items),
        "requests": sum(item.requests for item in items),
        "seconds": round(max((item.seconds for item in items), default=0.0), 3),
    }


def _told(source: Source, items: Sequence[ObjectProgress]) -> Iterator[str]:
    """What was covered and compared, in the words of the run's page, each said once of all it is true of."""
    from ontologie.web.formats import Formats
    from ontologie.web.story import Story, run_texts

    story = Story(run_texts(language()), Formats(language(), SystemClock().now()))
    said: dict[str, list[str]] = {}
    for item in items:
        for sentence in (story.covered(item, "UTC", said=" UTC"), *story.compared(item)):
            said.setdefault(sentence, []).append(label_of(item.object_type, source.called))
    for sentence, labels in said.items():
        if sentence:
            yield f"{', '.join(labels)} – {sentence}"


def _full_check(items: Sequence[ObjectProgress]) -> dict[str, int] | None:
    """What a full check counted on both sides; None where none was made: then only changes were covered."""
    checked = [item for item in items if item.checked_theirs is not None]
    if not checked or len(checked) < len(items):
        return None
    return {
        "ours": sum(item.checked_ours or 0 for item in checked),
        "theirs": sum(item.checked_theirs or 0 for item in checked),
    }
