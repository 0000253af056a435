"""``ontologie sync`` and ``ontologie demo``: runs in the foreground, with their progress."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ontologie.cli import output, simulator
from ontologie.cli.command import in_system, run
from ontologie.errors import UsageError
from ontologie.model.run import Run, RunOptions
from ontologie.services import runs, sources
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.wiring import system

DEMO = "demo"


def sync(
    name: Annotated[str, typer.Argument(metavar="SOURCE")],
    check: Annotated[bool, typer.Option("--check", help="Add the full check: what no modified date tells.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Read everything again.")] = False,
    stream: Annotated[list[str] | None, typer.Option(help="Only this stream; may be repeated.")] = None,
    confirm_deletions: Annotated[
        bool, typer.Option("--confirm-deletions", help="Carry out deletions that were held for your word.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Run to the end here; exit 0 Synced, 3 Partial, 1 Error, 4 Action required."""
    options = RunOptions(check=check, full=full, streams=tuple(stream or ()), confirm_deletions=confirm_deletions)

    async def work(context: Context) -> Run:
        source = await sources.find(context, name)
        with _bars(shown=not as_json) as on_progress:
            return await runs.sync_here(context, source, options, on_progress)

    _conclude(name, in_system(work), as_json=as_json)


def demo(as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False) -> None:
    """Add a source on the simulated portal and sync it."""

    async def work(settings: Settings) -> Run:
        async with (
            simulator.simulated_portal(settings.simulator_port) as url,
            system(settings, simulator=simulator.at(url)) as context,
        ):
            try:
                source = await sources.find(context, DEMO)
            except UsageError:
                request = sources.SourceRequest(
                    name=DEMO, connector="hubspot", token=simulator.TOKEN, api_url=url, frequency="manual"
                )
                source = await sources.add(context, request)
            with _bars(shown=not as_json) as on_progress:
                return await runs.sync_here(context, source, RunOptions(), on_progress)

    _conclude(DEMO, run(work), as_json=as_json)


def _conclude(name: str, ended: Run, *, as_json: bool) -> None:
    if as_json:
        output.print_json(output.run_as_json(name, ended))
    else:
        output.print_run(name, ended)
    raise typer.Exit(runs.exit_code(ended.status))


@contextlib.contextmanager
def _bars(*, shown: bool) -> Iterator[Callable[[Run], None]]:
    """A bar per object type on stderr; a run of unknown length shows a pulse, never an invented percentage."""
    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=output.stderr, disable=not shown, transient=True) as progress:
        bars: dict[str, TaskID] = {}

        def show(current: Run) -> None:
            for item in current.objects:
                if item.object_type not in bars:
                    bars[item.object_type] = progress.add_task(item.object_type, total=None)
                total = item.expected if item.expected and item.expected >= item.read else None
                progress.update(bars[item.object_type], completed=item.read, total=total)

        yield show
