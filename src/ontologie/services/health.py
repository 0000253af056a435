"""The doctor: every check that can be made, each with its finding."""

import asyncio
import shutil
import stat
from datetime import timedelta
from pathlib import Path

import msgspec

from ontologie import tasks
from ontologie.connectors.contract import Session
from ontologie.database import health as database
from ontologie.database import notices as notice_table
from ontologie.database import sources
from ontologie.database.credentials import SourceCredentials
from ontologie.database.notices import Notice
from ontologie.database.vault import FileVault
from ontologie.errors import OntologieError, UsageError
from ontologie.model.object_types import label_of, named
from ontologie.model.reference import Account
from ontologie.model.source import Source
from ontologie.model.user import Role
from ontologie.services import accounts, remarks
from ontologie.services.context import Context
from ontologie.sync.engine import told

_DISK_LEAST_SHARE = 0.05
_CLOCK_OFF_MOST = timedelta(seconds=60)
_WORKER_SILENT_MOST = timedelta(seconds=60)


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
    """The installation, and each source (or the one named): what it opens, may read and has left, and its open
    problems.

    Raises UsageError (SOURCE_UNKNOWN) for an unknown name.
    """
    context.require(Role.VIEWER)
    async with context.pool.connection() as connection:
        every = await sources.every(connection)
        notes = await notice_table.every(connection)
    found = [source for source in every if name in (None, source.name)]
    if name is not None and not found:
        raise UsageError(name, code="SOURCE_UNKNOWN", source=name)
    findings = await asyncio.to_thread(lambda: [_disk(home), _key(context)])
    findings += await _database(context, every)
    findings += [Finding(check="installation", detail="", code=item.code, params=item.params) for item in notes]
    for checked in await tasks.together(*(_source(context, source) for source in found)):
        findings += checked
    return findings + await _remarks(context, found)


async def _remarks(context: Context, found: list[Source]) -> list[Finding]:
    """What the stored data has to tell, without anything being wrong."""
    by_id = {source.id: source for source in found}
    return [
        Finding(
            check=f"source {source.name}, {label_of(item.object_type, source.called)}, data",
            detail="",
            code=item.code,
            params=named(item.params, source.called),
        )
        for item in await remarks.of_sources(context, found)
        for source in [by_id[item.source_id]]
    ]


def _disk(home: Path) -> Finding:
    usage = shutil.disk_usage(home)
    free = f"{usage.free / 1e9:.1f} GB free"
    full = usage.free < usage.total * _DISK_LEAST_SHARE
    return Finding(check="disk", detail=free, code="DISK_NEARLY_FULL" if full else None)


def _key(context: Context) -> Finding:
    """Where the key is, and who may read it."""
    vault = context.vault
    if not isinstance(vault, FileVault):
        return Finding(check="key", detail="from the environment")
    mode = stat.S_IMODE(vault.path.stat().st_mode)
    detail = f"{vault.path}, mode {mode:o}"
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Finding(check="key", detail=detail, code="SECRET_KEY_READABLE", params={"path": str(vault.path)})
    return Finding(check="key", detail=detail)


async def _database(context: Context, every: list[Source]) -> list[Finding]:
    """PostgreSQL's version, and whether somebody works off what is due."""
    async with context.pool.connection() as connection:
        version = await database.version(connection)
        silent_for = await database.workers_silent_for(connection)
        missing = await database.missing_rights(connection)
    findings = [Finding(check="postgresql", detail=version)]
    findings += [_right(right) for right in missing]
    if not missing:
        findings.append(Finding(check="database rights", detail="schemas, temporary tables and roles can be made"))
    if any(source.frequency != "manual" and not source.paused for source in every):
        silent = silent_for is None or silent_for > _WORKER_SILENT_MOST
        detail = "none" if silent_for is None else f"last seen {silent_for.total_seconds():.0f} s ago"
        findings.append(Finding(check="worker", detail=detail, code="WORKER_MISSING" if silent else None))
    return findings


def _right(missing: database.MissingRight) -> Finding:
    params: dict[str, str | int] = {"rights": missing.name, "remedy": missing.remedy}
    return Finding(check="database rights", detail=missing.name, code="DATABASE_RIGHTS_MISSING", params=params)


async def _source(context: Context, source: Source) -> list[Finding]:
    label = f"source {source.name}"
    connector = context.connectors[source.connector]
    keeper = SourceCredentials(context.pool, context.vault, source.id)
    try:
        async with accounts.opened(context, connector, source.api_url, keeper) as session:
            account = await session.account()
            findings = [_account(label, source, account), *_limits(context, label, session)]
            findings += await _scopes(label, session, context, source)
    except OntologieError as error:
        return [Finding(check=label, detail="", code=told(source, error).code, params=error.params)]
    return findings + await _open_problems(context, label, source, [finding.check for finding in findings])


def _account(label: str, source: Source, account: Account) -> Finding:
    named = f"{account.name or account.domain} ".lstrip()
    detail = f"{named}portal {account.portal_id}, {account.ui_domain}, {account.time_zone}, {account.currency}"
    if source.account is not None and source.account.portal_id != account.portal_id:
        params: dict[str, str | int] = {"found": account.portal_id, "expected": source.account.portal_id}
        return Finding(check=label, detail=detail, code="HUBSPOT_OTHER_PORTAL", params=params)
    return Finding(check=label, detail=detail)


def _limits(context: Context, label: str, session: Session) -> list[Finding]:
    """The limits in force, what is left of the day, and whether our clock is right."""
    limits = session.limits()
    findings = []
    if limits.requests and limits.interval:
        pace = f"{limits.requests} requests / {limits.interval.total_seconds():.0f} s"
        findings.append(Finding(check=f"{label}, limits", detail=f"{pace}, {limits.searches_per_s} searches / s"))
    if limits.daily is not None and limits.daily_left is not None:
        detail = f"requests left today: {limits.daily_left:,} of {limits.daily:,}"
        used_up = limits.daily_left <= limits.daily * (1 - context.terms.daily_share)
        code = "HUBSPOT_DAILY_QUOTA_REACHED" if used_up else None
        findings.append(Finding(check=f"{label}, quota", detail=detail, code=code))
    if limits.answered_at is not None:
        off = abs((context.clock.now() - limits.answered_at).total_seconds())
        wrong = off > _CLOCK_OFF_MOST.total_seconds()
        params: dict[str, str | int] = {"seconds": round(off)} if wrong else {}
        code = "CLOCK_SKEW" if wrong else None
        findings.append(Finding(check=f"{label}, clock", detail=f"{off:.0f} s apart", code=code, params=params))
    return findings


async def _scopes(label: str, session: Session, context: Context, source: Source) -> list[Finding]:
    """Each object type: may it be read now?"""
    connector = context.connectors[source.connector]
    kinds = [kind for stream in connector.find_streams(source.streams) for kind in stream.object_types]

    async def readable(kind: str) -> Finding:
        check = f"{label}, {label_of(kind, source.called)}"
        try:
            schema = await session.schema(kind, (), sensitive=False)
        except OntologieError as error:
            closer = await session.examine(error)
            return Finding(check=check, detail="", code=closer.code, params=named(closer.params, source.called))
        custom = sum(item.custom for item in schema.properties)
        return Finding(check=check, detail=f"properties: {len(schema.properties)}, custom: {custom}")

    return await tasks.together(*(readable(kind) for kind in kinds))


async def _open_problems(context: Context, label: str, source: Source, checked: list[str]) -> list[Finding]:
    """What the last run left open, where it is not about reading at all."""
    async with context.pool.connection() as connection:
        states = await sources.object_states(connection)
    return [
        Finding(
            check=f"{check}, last run",
            detail=state.status.value,
            code=state.diagnosis_code,
            params=named(state.diagnosis_params, source.called),
        )
        for (source_id, kind), state in sorted(states.items())
        for check in [f"{label}, {label_of(kind, source.called)}"]
        if source_id == source.id and state.diagnosis_code and check in checked
    ]
