"""``ontologie backup`` and ``ontologie restore``."""

from pathlib import Path
from typing import Annotated

import typer

from ontologie.cli import output
from ontologie.cli.command import in_system, run
from ontologie.services import backups
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.wiring import owning

File = Annotated[Path, typer.Argument(metavar="FILE")]


def backup(file: File) -> None:
    """Write all sources, their data and the settings made in the pages to a file, while everything runs."""
    target = file.absolute()

    async def work(context: Context) -> list[str]:
        return await backups.backup(context, target)

    schemas = in_system(work)
    output.stdout.print(f"{output.counted(len(schemas) - 1, 'source')} saved in {file}.", markup=False, soft_wrap=True)
    output.stdout.print("Keep secret.key of the data folder apart: without it the tokens must be entered again.")


def restore(
    file: File, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Put a backup in the place of everything that is there. Nothing else may be running."""
    source = file.absolute()

    async def counts(settings: Settings) -> dict[str, int]:
        async with owning(settings) as (url, _):
            return await backups.would_go(url)

    async def work(settings: Settings) -> list[str]:
        async with owning(settings) as (url, reader_password):
            return await backups.restore(url, reader_password, source)

    if not yes:
        found = run(counts)
        told = ", ".join(f"{output.counted(count, 'row')} of {name}" for name, count in found.items()) or "nothing"
        typer.confirm(f"Replace {told} by the backup?", abort=True, err=True)
    restored = run(work)
    output.stdout.print(f"Restored: {', '.join(restored) or 'no source'}.")
