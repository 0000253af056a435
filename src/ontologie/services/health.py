"""The doctor: every check that can be made, each with its finding."""

import shutil
from pathlib import Path

import msgspec

from ontologie.database import notices as notice_table
from ontologie.database import sources
from ontologie.database.credentials import SourceCredentials
from ontologie.database.notices import Notice
from ontologie.errors import OntologieError, UsageError
from ontologie.model.source import Source
from ontologie.model.user import Role
from ontologie.services.context import Context

_DISK_LEAST_SHARE = 0.05


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one check. ``code`` None: all is well."""

    check: str
    detail: str
    code: str | None = None
    params: dict[str, str | int] = {}


async def reach_database(context: Context) -> None:
    """Ask the database something. Raises StoreUnreachable when it does not answer."""
    context.require(Role.VIEWER)
    async with context.pool.connection() as connection:
        await connection.execute("SELECT 1")


async def notices(context: Context) -> list[Notice]:
    """What the installation has to say to everybody, while it is true."""
    context.require(Role.VIEWER)
    async with context.pool.connection() as connection:
        return await notice_table.every(connection)


async def check(context: Context, home: Path, name: str | None) -> list[Finding]:
    """The database, the disk, and each source (or the one named): its token, account and scopes.

    Raises UsageError (SOURCE_UNKNOWN) for an unknown name.
    """
    findings = [_disk(home)]
    async with context.pool.connection() as connection:
        cursor = await connection.execute("SHOW server_version")
        row = await cursor.fetchone()
        findings.append(Finding(check="postgresql", detail=str(row["server_version"]) if row else ""))
        for notice in await notice_table.every(connection):
            findings.append(Finding(check="installation", detail="", code=notice.code, params=notice.params))
        found = [source for source in await sources.every(connection) if name in (None, source.name)]
    if name is not None and not found:
        raise UsageError(name, code="SOURCE_UNKNOWN", source=name)
    for source in found:
        findings.extend(await _source(context, source))
    return findings


def _disk(home: Path) -> Finding:
    usage = shutil.disk_usage(home)
    free = f"{usage.free / 1e9:.1f} GB"
    if usage.free < usage.total * _DISK_LEAST_SHARE:
        return Finding(check="disk", detail=free, code="DISK_NEARLY_FULL")
    return Finding(check="disk", detail=free)


async def _source(context: Context, source: Source) -> list[Finding]:
    label = f"source {source.name}"
    connector = context.connectors[source.connector]
    findings = []
    try:
        async with context.pool.connection() as connection:
            states = await sources.object_states(connection)
        keeper = SourceCredentials(context.pool, context.vault, source.id)
        async with connector.open(api_url=source.api_url, credentials=keeper, terms=context.terms) as session:
            account = await session.account()
        findings.append(Finding(check=label, detail=f"portal {account.portal_id}, {account.ui_domain}"))
    except OntologieError as error:
        return [Finding(check=label, detail="", code=error.code, params=error.params)]
    for (source_id, object_type), state in sorted(states.items()):
        if source_id == source.id and state.diagnosis_code:
            findings.append(
                Finding(
                    check=f"{label}, {object_type}",
                    detail=state.status.value,
                    code=state.diagnosis_code,
                    params=state.diagnosis_params,
                )
            )
    return findings
