"""The table of commands."""

import json
import sys
from importlib.metadata import version
from typing import Annotated, Any

import msgspec
import typer

from ontologie.cli import backup, drift, export, move, output, secrets, source, start, sync
from ontologie.cli.command import in_system, load_settings, run
from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer
from ontologie.model.diagnosis import CATALOGUE, Severity, explain
from ontologie.model.object_types import Called, label_of, named
from ontologie.services import access, health, problems, query, sources, streams
from ontologie.services.context import Context
from ontologie.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Keeps your HubSpot account whole, fresh and queryable in a PostgreSQL you own.",
)
app.add_typer(source.app, name="source")
app.add_typer(secrets.app, name="secrets")
app.command("start")(start.start)
app.command("worker")(start.worker_)
app.command("web")(start.web)
app.command("move-to")(move.move_to)
app.command("upgrade-database")(move.upgrade_database)
app.command("demo")(sync.demo)
app.command("sync")(sync.sync)
app.command("export")(export.export)
app.command("drift")(drift.drift)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


@app.command()
def status(as_json: AsJson = False) -> None:
    """Every stream of every source, with its status, and what is wrong."""

    async def told(
        context: Context,
    ) -> tuple[tuple[streams.SourceOverview, ...], list[problems.Problem], dict[str, Called]]:
        for notice in await health.notices(context):
            said = explain(notice.code, notice.params, output.language())
            output.stderr.print(f"{said.problem}\n  {said.remedy}", markup=False, soft_wrap=True)
        return await streams.overview(context), await problems.open_problems(context), await sources.called(context)

    found, wrong, called = in_system(told)
    if as_json:
        output.print_json([_as_json(item) for item in found])
        return
    rows = []
    for item in found:
        for stream in item.streams:
            last = stream.last_synced_at
            label = label_of(stream.name, called)
            rows.append(
                [item.name, label, stream.status.value, stream.records, last and f"{last:%Y-%m-%d %H:%M} UTC"]
            )
    output.table(["source", "stream", "status", "records", "last sync"], rows)
    for problem in wrong:
        if problem.severity is not Severity.NOTICE:
            said = explain(problem.code, named(problem.params, called), output.language())
            output.stdout.print(f"• {problem.source.name}: {said.problem} {said.remedy}", markup=False, soft_wrap=True)


@app.command("database-url")
def database_url(
    owner: Annotated[bool, typer.Option("--owner", help="The owner's URL, which may write.")] = False,
    read_only: Annotated[bool, typer.Option("--read-only", help="The default.")] = False,
    source_name: Annotated[
        str, typer.Option("--source", help="A role that reads this source and nothing else; made on first use.")
    ] = "",
) -> None:
    """A URL for psql and BI tools; it only reads unless --owner is given."""

    async def work(context: Context) -> str:
        if source_name:
            return await query.source_reader_url(context, source_name)
        return context.database_url if owner and not read_only else query.reader_url(context)

    output.stdout.out(in_system(work))


@app.command()
def sql(query_: Annotated[str, typer.Argument(metavar="QUERY")], as_json: AsJson = False) -> None:
    """Run a query with the role that only reads."""

    async def work(context: Context) -> tuple[list[str], list[tuple[Any, ...]]]:
        return await query.run_sql(context, query_)

    names, rows = in_system(work)
    if as_json:
        records = [dict(zip(names, row, strict=True)) for row in rows]
        output.stdout.out(json.dumps(records, default=str, ensure_ascii=False, indent=2))
    else:
        output.table(names, rows)


@app.command()
def doctor(name: Annotated[str | None, typer.Argument(metavar="[SOURCE]")] = None, as_json: AsJson = False) -> None:
    """Check everything, one line each; exit 4 when something needs you, 1 when something is wrong that we try again."""
    home = load_settings().home

    async def work(context: Context) -> list[health.Finding]:
        return await health.check(context, home, name)

    findings = in_system(work)
    if as_json:
        output.print_json(findings)
    severities = [CATALOGUE[finding.code].severity for finding in findings if finding.code]
    for finding in [] if as_json else findings:
        if finding.code is None:
            output.stdout.print(f"✓ {finding.check}: {finding.detail}", markup=False, soft_wrap=True)
            continue
        said = explain(finding.code, finding.params, output.language())
        mark = "·" if said.severity is Severity.NOTICE else "✗"
        output.stdout.print(f"{mark} {finding.check}: {said.problem} {said.remedy}", markup=False, soft_wrap=True)
    if Severity.ACTION in severities:
        raise typer.Exit(4)
    if Severity.FAULT in severities or Severity.WARNING in severities:
        raise typer.Exit(1)


@app.command()
def stop() -> None:
    """Stop the embedded PostgreSQL, one left behind by a killed process included."""

    async def work(settings: Settings) -> bool:
        return await EmbeddedServer(settings.home, SystemClock()).stop()

    output.stdout.print("Stopped." if run(work) else "Nothing was running.")


@app.command("login-link")
def login_link() -> None:
    """A link that logs you in to the running pages, once."""
    settings = load_settings()

    async def work(context: Context) -> str:
        return await access.login_link(context)

    output.stdout.out(f"{settings.address()}/login/{in_system(work)}")


def _as_json(item: streams.SourceOverview) -> dict[str, Any]:
    return {
        "source": item.name,
        "connector": item.connector,
        "simulated": item.simulated,
        "paused": item.paused,
        "frequency": item.frequency,
        "next_run_at": item.next_run_at,
        "diagnosis": item.diagnosis_code,
        "streams": [
            {
                "stream": stream.name,
                "status": stream.status.value,
                "records": stream.records,
                "last_synced_at": stream.last_synced_at,
                "objects": [_object_as_json(found) for found in stream.objects],
            }
            for stream in item.streams
        ],
    }


def _object_as_json(item: streams.ObjectOverview) -> dict[str, Any]:
    """Its source is named above."""
    return {name: value for name, value in msgspec.structs.asdict(item).items() if name != "source_id"}


def _version(wanted: bool) -> None:
    if wanted:
        output.stdout.out(version("ontologie"))
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Options of all commands."""


def main() -> None:
    """The entry point of the command."""
    try:
        app()
    except BrokenPipeError:  # the reader of our output has left
        sys.stderr.close()
        sys.exit(0)
