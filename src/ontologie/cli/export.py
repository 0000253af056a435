"""``ontologie export``."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from ontologie.cli import output
from ontologie.cli.command import in_system
from ontologie.errors import UsageError
from ontologie.services import exporting, grid, sources
from ontologie.services.context import Context


def export(
    name: Annotated[str, typer.Argument(metavar="SOURCE")],
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="The file to make; or the folder, see --format.")],
    table: Annotated[
        list[str] | None, typer.Option(help="Only this table (contacts, emails …); may be repeated.")
    ] = None,
    columns: Annotated[str, typer.Option(help="Separated by commas; empty: all. With one --table.")] = "",
    format_: Annotated[
        str, typer.Option("--format", help="parquet, csv, jsonl, duckdb or xlsx; by default the file's ending.")
    ] = "",
    labels: Annotated[bool, typer.Option("--labels", help="HubSpot's labels as headings.")] = False,
    for_spreadsheets: Annotated[
        bool,
        typer.Option("--for-spreadsheets", help="No text may become a formula; CSV says that it is UTF-8."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Write tables to a file: live rows, all as of one moment. Several tables: a DuckDB or Excel file, or a folder."""
    asked = tuple(item.strip() for item in columns.split(",") if item.strip())
    if asked and len(table or ()) != 1:
        raise typer.BadParameter("needs exactly one --table", param_hint="--columns")

    async def work(context: Context) -> exporting.Exported:
        kind = _format(format_ or target.suffix.removeprefix("."))
        names = table or grid.object_types(context, await sources.find(context, name))
        requests = [exporting.TableRequest(object_type=item, columns=asked) for item in names]
        with _progress(names, shown=not as_json and output.stderr.is_terminal) as show:
            options = exporting.Options(for_spreadsheets=for_spreadsheets, labels=labels, on_progress=show)
            return await exporting.export(context, name, requests, kind, target.absolute(), options)

    done = in_system(work)
    if as_json:
        output.print_json({"records": done.records, "files": [str(file) for file in done.files]})
        return
    output.table(["table", "records"], [[item, count] for item, count in done.records.items()])
    output.stdout.print(f"\nWritten to {target}.", markup=False, soft_wrap=True)


@contextlib.contextmanager
def _progress(names: Sequence[str], *, shown: bool) -> Iterator[Callable[[exporting.Progress], None]]:
    """A bar per table; what moves them."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=output.stderr, disable=not shown) as bars:
        tasks = {item: bars.add_task(item, total=None) for item in names}

        def show(progress: exporting.Progress) -> None:
            bars.update(tasks[progress.object_type], completed=progress.written, total=progress.total)

        yield show


def _format(text: str) -> exporting.Format:
    try:
        return exporting.Format(text.lower())
    except ValueError:
        raise UsageError(text, code="FORMAT_UNKNOWN", format=text, known=", ".join(exporting.Format)) from None
