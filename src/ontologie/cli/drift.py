"""``ontologie drift``."""

from typing import Annotated

import typer

from ontologie.cli import output
from ontologie.cli.command import in_system
from ontologie.services import drift as drifts
from ontologie.services.context import Context


def drift(
    name: Annotated[str, typer.Argument(metavar="SOURCE")],
    everything: Annotated[bool, typer.Option("--all", help="Also what was acknowledged.")] = False,
    acknowledge: Annotated[
        list[int] | None, typer.Option(help="Note that you have seen this number; may be repeated.")
    ] = None,
    acknowledge_all: Annotated[bool, typer.Option("--acknowledge-all", help="Note that you have seen all.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """What changed in the properties of a source: added, retyped, archived, moved to _more."""

    async def work(context: Context) -> list[drifts.Entry]:
        if acknowledge or acknowledge_all:
            await drifts.acknowledge(context, name, None if acknowledge_all else acknowledge)
        return await drifts.changes(context, name, everything=everything)

    found = in_system(work)
    if as_json:
        output.print_json(found)
        return
    if not found:
        output.stdout.print("Nothing has changed that you have not seen.")
        return
    rows = [
        [str(item.id), f"{item.at:%Y-%m-%d %H:%M} UTC", f"{item.object_type}.{item.property}", item.change,
         item.before, item.after, item.acknowledged_by]
        for item in found
    ]  # fmt: skip
    output.table(["number", "when", "property", "change", "before", "after", "seen by"], rows)
