"""``ontologie move-to`` and ``ontologie upgrade-database``."""

from typing import Annotated

import typer

from ontologie.cli import output
from ontologie.cli.command import run
from ontologie.clock import SystemClock
from ontologie.database.transfer import Rows
from ontologie.errors import UsageError
from ontologie.services import moving
from ontologie.settings import Settings
from ontologie.wiring import vault_of


def move_to(
    url: Annotated[str, typer.Argument(metavar="DATABASE_URL", help="An empty database on a PostgreSQL 15 or newer.")],
) -> None:
    """Carry all data from the embedded PostgreSQL to another one, and compare every table's rows."""

    async def work(settings: Settings) -> list[Rows]:
        if settings.database_url is not None:
            raise UsageError("already external", code="NOT_EMBEDDED")
        return await moving.move_to(settings.home, SystemClock(), vault_of(settings), url)

    _show(run(work))
    output.stdout.print("\nAll rows are there. From now on set ONTOLOGIE_DATABASE_URL to it, and keep secret.key.")


def upgrade_database() -> None:
    """Carry the data of an older embedded PostgreSQL to this version's; the old folder stays until you delete it."""

    async def work(settings: Settings) -> tuple[int, list[Rows]]:
        return await moving.upgrade(settings.home, SystemClock(), vault_of(settings))

    major, rows = run(work)
    _show(rows)
    output.stdout.print(f"\nAll rows are there. postgres/data-{major} in the data folder is no longer needed.")


def _show(rows: list[Rows]) -> None:
    output.table(["table", "before", "after"], [[item.table, item.before, item.after] for item in rows])
