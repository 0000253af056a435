"""``ontologie sync`` and ``ontologie demo``: runs in the foreground, with their progress."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ontologie.cli import output, simulator
from ontologie.cli.command import in_system, run
from ontologie.errors import UsageError
from ontologie.model.object_types import label_of
from ontologie.model.run import Run, RunOptions
from ontologie.model.source import Source
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

    _conclude(*in_system(lambda context: _synced(context, name, options, bars=not as_json)), as_json=as_json)


def demo(as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False) -> None:
    """Add a source on the simulated portal and sync it."""

    async def work(settings: Settings) -> tuple[Source, Run]:
        async with (
            simulator.simulated_portal(settings.simulator_port) as url,
            system(settings, simulator=simulator.at(url)) as context,
        ):
            try:
                await sources.find(context, DEMO)
            except UsageError:
                request = sources.SourceRequest(
                    name=DEMO, connector="hubspot", token=simulator.TOKEN, api_url=url, frequency="manual"
                )
                await sources.add(context, request)
            return await _synced(context, DEMO, RunOptions(), bars=not as_json)

    _conclude(*run(work), as_json=as_json)


async def _synced(context: Context, name: str, options: RunOptions, *, bars: bool) -> tuple[Source, Run]:
    """The source as the run left it: a first one learns what the account calls its own object types."""
    source = await sources.find(context, name)
    with _bars(source, shown=bars) as on_progress:
        run = await runs.sync_here(context, source, options, on_progress)
    return await sources.find(context, name), run


def _conclude(source: Source, ended: Run, *, as_json: bool) -> None:
    if as_json:
        output.print_json(output.run_as_json(source.name, ended))
    else:
        output.print_run(source, ended)
    raise typer.Exit(runs.exit_code(ended.status))


@contextlib.contextmanager
def _bars(source: Source, *, shown: bool) -> Iterator[Callable[[Run], None]]:
    """A bar per object type on stderr; a run of unknown length shows a pulse, never an invented percentage."""
    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=output.stderr, disable=not shown, transient=True) as progress:
        bars: dict[str, TaskID] = {}

        def show(current: Run) -> None:
            for item in current.objects:
                if item.object_type not in bars:
                    bars[item.object_type] = progress.add_task(label_of(item.object_type, source.called), total=None)
                total = item.expected if item.expected and item.expected >= item.read else None
                progress.update(bars[item.object_type], completed=item.read, total=total)

        yield show
