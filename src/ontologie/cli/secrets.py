"""``ontologie secrets …``."""

import os
from typing import Annotated

import typer

from ontologie.cli import output
from ontologie.cli.command import in_system
from ontologie.services import secrets
from ontologie.services.context import Context

app = typer.Typer(no_args_is_help=True, help="The key that seals the credentials.")
_NEW = "ONTOLOGIE_SECRET_KEY_NEW"


@app.callback()
def _group() -> None:
    """Keeps ``rotate`` a command of its own though it is the only one."""


@app.command()
def rotate(
    new_key_env: Annotated[
        str, typer.Option(help="The variable that holds the new key, needed where the key comes from the environment.")
    ] = _NEW,
) -> None:
    """Seal all credentials again with a new key; sources may be running, unless the key comes from the environment."""

    async def work(context: Context) -> int:
        return await secrets.rotate(context, os.environ.get(new_key_env))

    count = in_system(work)
    output.stdout.print(f"{output.counted(count, 'secret')} sealed with the new key.")
    if os.environ.get("ONTOLOGIE_SECRET_KEY"):
        output.stdout.print(f"Set ONTOLOGIE_SECRET_KEY to the key in {new_key_env} and start everything again.")
