"""``ontologie source …``."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ontologie.cli import authorize, output
from ontologie.cli.command import in_system
from ontologie.cli.output import print_json
from ontologie.errors import OntologieError, UsageError
from ontologie.model.credentials import OAuthClient, TokenCredentials
from ontologie.model.draft import Choices, Draft
from ontologie.model.source import Source
from ontologie.services import connecting, runs, source_changes, sources
from ontologie.services.context import Context

app = typer.Typer(no_args_is_help=True, help="Add, reconnect, show, pause, resume and remove sources.")
Name = Annotated[str, typer.Argument(metavar="SOURCE")]
Sensitive = Annotated[
    bool, typer.Option("--sensitive", help="Also read the properties that HubSpot holds as sensitive.")
]
HardDelete = Annotated[
    bool, typer.Option("--hard-delete", help="Remove the rows of deleted records instead of marking them.")
]
OAuth = Annotated[bool, typer.Option("--oauth", help="Authorize in the browser instead of giving a token.")]
ClientId = Annotated[str | None, typer.Option(help="The OAuth app to use; else the one in the settings.")]
ClientSecretEnv = Annotated[str | None, typer.Option(help="An environment variable that holds the app's secret.")]
CallbackPort = Annotated[
    int, typer.Option(help="HubSpot sends the browser back to http://localhost:PORT/oauth/callback.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


@app.command()
def add(
    connector: Annotated[str, typer.Argument(help="hubspot")],
    name: Annotated[str, typer.Option(help="The source's name, also the end of its schema's.")],
    token_file: Annotated[Path | None, typer.Option(help="A file that holds the token.")] = None,
    token_env: Annotated[str | None, typer.Option(help="An environment variable that holds the token.")] = None,
    api_url: Annotated[str, typer.Option(help="The API's address.")] = sources.HUBSPOT_API,
    streams: Annotated[str, typer.Option(help="Separated by commas; empty: all.")] = "",
    exclude: Annotated[list[str] | None, typer.Option(help="OBJECT_TYPE.PROPERTY, may be repeated.")] = None,
    sensitive: Sensitive = False,
    hard_delete: HardDelete = False,
    frequency: Annotated[str, typer.Option(help='manual, 5m, 15m, 1h, 6h, daily, weekly or "cron …".')] = "1h",
    oauth: OAuth = False,
    client_id: ClientId = None,
    client_secret_env: ClientSecretEnv = None,
    callback_port: CallbackPort = authorize.PORT,
) -> None:
    """Connect an account: its token is checked, sealed and stored; with --oauth you authorize in your browser."""
    plan = sources.SourcePlan(
        name=name,
        connector=connector,
        api_url=api_url,
        streams=tuple(item.strip() for item in streams.split(",") if item.strip()),
        excluded=tuple(exclude or ()),
        sensitive=sensitive,
        hard_delete=hard_delete,
        frequency=frequency,
    )

    async def work(context: Context) -> Source:
        if not oauth:
            return await sources.connect(context, plan, TokenCredentials(token=_token(token_file, token_env)))
        client = authorize.client_given(client_id, client_secret_env)
        draft = await _draft(context, plan)
        return await _authorized(context, draft, port=callback_port, client=client)

    source = in_system(work)
    output.stdout.print(f"Added {source.name}: {_opened(source)}, schema {source.schema_name}.", markup=False)


async def _draft(context: Context, plan: sources.SourcePlan) -> Draft:
    """The plan as what a wizard has chosen, before the account is authorized."""
    draft = await connecting.begin(context, plan.connector, api_url=plan.api_url)
    chosen = Choices(
        name=plan.name,
        api_url=plan.api_url,
        streams=plan.streams,
        excluded=plan.excluded,
        sensitive=plan.sensitive,
        hard_delete=plan.hard_delete,
        frequency=plan.frequency,
    )
    return await connecting.choose(context, draft.id, chosen)


@app.command()
def reconnect(
    name: Name,
    token_file: Annotated[Path | None, typer.Option(help="A file that holds the token.")] = None,
    token_env: Annotated[str | None, typer.Option(help="An environment variable that holds the token.")] = None,
    oauth: OAuth = False,
    client_id: ClientId = None,
    client_secret_env: ClientSecretEnv = None,
    callback_port: CallbackPort = authorize.PORT,
) -> None:
    """Give a source other credentials of the same account; another account is refused."""

    async def work(context: Context) -> Source:
        if not oauth:
            return await sources.reconnect(context, name, TokenCredentials(token=_token(token_file, token_env)))
        client = authorize.client_given(client_id, client_secret_env)
        return await _authorized(
            context, await connecting.begin_again(context, name), port=callback_port, client=client
        )

    source = in_system(work)
    output.stdout.print(f"{source.name} is connected again: {_opened(source)}.", markup=False)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """All sources."""
    found = in_system(sources.every)
    if as_json:
        print_json(found)
        return
    rows = [
        [item.name, item.connector, item.account and str(item.account.portal_id), item.frequency, _state(item)]
        for item in found
    ]
    output.table(["source", "connector", "portal", "frequency", "state"], rows)


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """One source, without its secrets."""

    async def work(context: Context) -> Source:
        return await sources.find(context, name)

    found = in_system(work)
    if as_json:
        print_json(found)
        return
    account = found.account
    rows: list[list[object]] = [
        ["source", found.name],
        ["connector", found.connector],
        ["account", account and (" · ".join(filter(None, (account.name, account.domain))) or None)],
        ["portal", account and f"{account.portal_id} ({account.account_type}, {account.ui_domain})"],
        ["time zone, currency", account and f"{account.time_zone}, {account.currency}"],
        ["address", found.api_url],
        ["schema", found.schema_name],
        ["streams", ", ".join(_stream(found, item) for item in found.streams)],
        [
            "excluded",
            ", ".join(f"{kind}.{item}" for kind, items in found.excluded_properties.items() for item in items),
        ],
        ["deleted records", "removed" if found.hard_delete else "kept, marked"],
        ["frequency", found.frequency],
        ["next run", found.next_run_at and f"{found.next_run_at:%Y-%m-%d %H:%M} UTC"],
        ["state", _state(found)],
    ]
    output.table(["", ""], rows)


@app.command()
def cancel(name: Name) -> None:
    """End the open run; what it has stored stays, and the next run goes on from there."""

    async def work(context: Context) -> bool:
        return await runs.cancel(context, await sources.find(context, name))

    output.stdout.print(f"{name}'s run ends." if in_system(work) else f"{name} has no open run.")


@app.command()
def frequency(
    name: Name, frequency_: Annotated[str, typer.Argument(metavar="FREQUENCY", help="As for source add.")]
) -> None:
    """Sync the source at another frequency, from now on."""

    async def work(context: Context) -> Source:
        return await sources.set_frequency(context, name, frequency_)

    changed = in_system(work)
    due = f", next at {changed.next_run_at:%Y-%m-%d %H:%M} UTC" if changed.next_run_at else ""
    output.stdout.print(f"{name}: {changed.frequency}{due}.")


@app.command("hard-delete")
def hard_delete(
    name: Name,
    on: Annotated[bool, typer.Option("--on/--off", help="Remove the rows of deleted records, or mark them.")] = True,
) -> None:
    """Choose what becomes of deleted records, from the next run on; removed rows do not come back."""

    async def work(context: Context) -> None:
        await source_changes.set_hard_delete(context, name, hard_delete=on)

    in_system(work)
    output.stdout.print(f"{name}: rows of deleted records are {'removed' if on else 'kept, marked'}.")


@app.command()
def pause(name: Name) -> None:
    """Start no more runs by ourselves; the open one ends."""

    async def work(context: Context) -> None:
        await sources.pause(context, name)

    in_system(work)
    output.stdout.print(f"{name} is paused.")


@app.command()
def resume(name: Name) -> None:
    """Go on at the source's frequency."""

    async def work(context: Context) -> None:
        await sources.resume(context, name)

    in_system(work)
    output.stdout.print(f"{name} goes on.")


@app.command()
def remove(
    name: Name,
    with_data: Annotated[bool, typer.Option("--with-data", help="Drop the source's schema too.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget a source; its records stay in their schema unless --with-data."""

    async def counts(context: Context) -> dict[str, int]:
        return await sources.row_counts(context, await sources.find(context, name))

    async def work(context: Context) -> None:
        await sources.remove(context, name, with_data=with_data)

    if with_data and not yes:
        found = in_system(counts)
        held = [f"{output.counted(count, 'row')} of {table}" for table, count in found.items() if count]
        typer.confirm(f"Erase from {name}: {', '.join(held) or 'no rows'}?", abort=True, err=True)
    in_system(work)
    output.stdout.print(f"{name} is removed{' with its data' if with_data else '; its data stays'}.")


async def _authorized(context: Context, draft: Draft, *, port: int, client: OAuthClient | None) -> Source:
    """The source of a draft, once its user has authorized it in a browser; a draft that fails is forgotten."""
    try:
        draft = await authorize.authorize(context, draft, port=port, client=client)
        await authorize.tested(context, draft)
        return await connecting.finish(context, draft.id)
    except OntologieError:
        await connecting.discard(context, draft.id)
        raise


def _token(file: Path | None, variable: str | None) -> str:
    """The token, from a file or a variable: never from the command line, where others can read it."""
    if (file is None) == (variable is None):
        raise UsageError("no token", code="TOKEN_NOT_GIVEN", place="--token-file, --token-env")
    if variable is not None:
        token = os.environ.get(variable, "").strip()
        if not token:
            raise UsageError("empty variable", code="TOKEN_NOT_GIVEN", place=_place(variable, "--token-env"))
        return token
    try:
        return Path(str(file)).read_text().strip()
    except (OSError, UnicodeDecodeError):
        place = _place(str(file), "--token-file")
        raise UsageError("unreadable token file", code="TOKEN_NOT_GIVEN", place=place) from None


def _place(given: str, option: str) -> str:
    """Where we looked; the option's name where the token itself was given instead, which nobody should repeat."""
    return option if "pat-" in given else given


def _opened(source: Source) -> str:
    """Whose account it is, so that nobody reads the wrong one unawares."""
    account = source.account
    if account is None:
        return "portal ?"
    name = account.name or account.domain
    return f"portal {account.portal_id}{f' ({name})' if name else ''}"


def _stream(source: Source, name: str) -> str:
    """With what the account calls it, beside the name to type."""
    return f"{source.called[name].many} ({name})" if name in source.called else name


def _state(source: Source) -> str:
    return "paused" if source.paused else "active"
