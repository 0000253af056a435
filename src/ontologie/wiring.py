"""Builds everything once from the settings. Nothing else knows how the parts fit together."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from ontologie.clock import SystemClock
from ontologie.connectors.catalogue import connectors
from ontologie.connectors.contract import SessionTerms
from ontologie.database.embedded import EmbeddedServer
from ontologie.database.migrate import migrate
from ontologie.database.pool import check_address, connect, open_pool
from ontologie.database.vault import Vault, load_vault
from ontologie.errors import OperatorError
from ontologie.jobs.courier import Courier, CourierSettings
from ontologie.jobs.ending import Ending
from ontologie.jobs.execution import Execution
from ontologie.jobs.housekeeping import Housekeeping, HousekeepingSettings
from ontologie.jobs.mail import MailSettings
from ontologie.jobs.queue import Queue
from ontologie.jobs.worker import Duty, Worker, WorkerSettings
from ontologie.model.credentials import OAuthClient
from ontologie.services.context import Context, SimulatedPortal
from ontologie.services.query import url_of_reader
from ontologie.settings import Settings
from ontologie.sync.engine import EngineSettings
from ontologie.sync.upkeep import Upkeep

if TYPE_CHECKING:
    from litestar import Litestar


_DELIVER_EVERY = timedelta(seconds=3)
_LOOK_AT_DISK_EVERY = timedelta(seconds=5)
_FORGET_EVERY = timedelta(days=1)


@contextlib.asynccontextmanager
async def system(settings: Settings, *, simulator: SimulatedPortal | None = None) -> AsyncIterator[Context]:
    """The running system: home folder, PostgreSQL (embedded or the operator's), migrations, services.

    Raises OperatorError for anything the operator must mend.
    """
    clock = SystemClock()
    prepare_home(settings.home)
    vault = vault_of(settings)
    async with contextlib.AsyncExitStack() as stack:
        url = await _migrated(await _database(settings, stack, clock), vault)
        pool = await stack.enter_async_context(open_pool(url, size=settings.database_connections))
        reader_url = url_of_reader(url, vault.derive("reader"))
        reader = await stack.enter_async_context(open_pool(reader_url, size=10, least=0))
        courier = Courier(pool, clock, vault, _courier_settings(settings))
        available = connectors(clock, _oauth_clients(settings))
        engine, ending = _engine_settings(settings), _ending(settings, courier)
        execution = Execution(pool, clock, vault, available, settings=engine, ending=ending)
        yield Context(
            pool=pool,
            reader=reader,
            clock=clock,
            vault=vault,
            connectors=available,
            execution=execution,
            housekeeping=Housekeeping(pool, clock, execution, _housekeeping(settings)),
            queue=await stack.enter_async_context(Queue(url)),
            courier=courier,
            home=settings.home if settings.database_url is None else None,
            terms=_terms(settings),
            failures_before_alarm=settings.failures_before_alarm,
            database_url=url,
            api_hosts=settings.api_hosts(),
            simulator=simulator,
            public_url=settings.public_url,
        )


def vault_of(settings: Settings) -> Vault:
    """What seals this installation's credentials. Raises OperatorError (SECRET_KEY_MALFORMED)."""
    return load_vault(settings.home, settings.secret_key.get_secret_value() if settings.secret_key else None)


async def _migrated(url: str, vault: Vault) -> str:
    """The same database, in this version's layout."""
    async with await connect(url) as connection:
        await migrate(connection, reader_password=vault.derive("reader"))
    return url


def _ending(settings: Settings, courier: Courier) -> Ending:
    return Ending(failures_before_alarm=settings.failures_before_alarm, listeners=[courier.run_ended])


def _engine_settings(settings: Settings) -> EngineSettings:
    return EngineSettings(
        lease=timedelta(seconds=settings.lease_seconds),
        records_per_sync_limit=settings.records_per_sync_limit,
        terms=_terms(settings),
        upkeep=Upkeep(
            definitions=timedelta(minutes=settings.definitions_minutes),
            totals=timedelta(minutes=settings.totals_minutes),
            erase_archived_after=timedelta(days=settings.erase_after_archived_days),
            erase_engagements=settings.erase_engagements,
            mass_deletion_records=settings.mass_deletion_records,
            mass_deletion_share=settings.mass_deletion_share,
        ),
    )


def _courier_settings(settings: Settings) -> CourierSettings:
    return CourierSettings(
        mail=MailSettings(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            sender=settings.smtp_from,
        ),
        private_webhooks=settings.webhook_private_addresses,
        public_url=settings.address(),
        failures_before_alarm=settings.failures_before_alarm,
    )


@contextlib.asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[str]:
    """The reader's URL of this installation, its PostgreSQL running as long as it is needed."""
    async with owning(settings) as (url, reader_password):
        async with await connect(url) as connection:
            await migrate(connection, reader_password=reader_password)
        yield url_of_reader(url, reader_password)


@contextlib.asynccontextmanager
async def owning(settings: Settings) -> AsyncIterator[tuple[str, str]]:
    """The owner's URL, and the reader's password, with nothing open and nothing migrated."""
    prepare_home(settings.home)
    vault = vault_of(settings)
    async with contextlib.AsyncExitStack() as stack:
        yield await _database(settings, stack, SystemClock()), vault.derive("reader")


def _terms(settings: Settings) -> SessionTerms:
    second_look = timedelta(minutes=settings.second_look_minutes)
    return SessionTerms(
        free_share_first_sync=settings.free_share_first_sync,
        free_share=settings.free_share,
        searches_per_s=settings.searches_per_s,
        least_share=settings.least_share,
        most_requests_per_10_s=settings.most_requests_per_10_s,
        reserve_requests=settings.reserve_requests,
        daily_share=settings.daily_share,
        overlap=timedelta(minutes=settings.overlap_minutes),
        second_look_every=second_look,
        second_look_lag=second_look,
        archived_every=timedelta(minutes=settings.archived_minutes),
        check_every=timedelta(hours=settings.full_check_hours),
    )


def _oauth_clients(settings: Settings) -> dict[str, OAuthClient]:
    """The apps that the operator has registered with the vendors. Raises OperatorError for half of one."""
    secret = settings.hubspot_client_secret
    if (settings.hubspot_client_id is None) != (secret is None):
        raise OperatorError(
            "half an OAuth app",
            code="SETTING_WRONG",
            setting="ONTOLOGIE_HUBSPOT_CLIENT_ID",
            reason="it needs ONTOLOGIE_HUBSPOT_CLIENT_SECRET beside it",
        )
    if settings.hubspot_client_id is None or secret is None:
        return {}
    return {"hubspot": OAuthClient(client_id=settings.hubspot_client_id, client_secret=secret.get_secret_value())}


def worker(context: Context, settings: Settings) -> Worker:
    """A worker of this system."""
    return Worker(
        context.pool,
        context.clock,
        context.queue,
        context.execution,
        duties=[
            Duty(every=_DELIVER_EVERY, action=context.courier.deliver_due),
            Duty(every=_LOOK_AT_DISK_EVERY, action=context.housekeeping.watch_disk),
            Duty(every=_FORGET_EVERY, action=context.housekeeping.forget),
        ],
        settings=WorkerSettings(
            slice=timedelta(seconds=settings.slice_seconds), sources_at_once=settings.sources_at_once
        ),
    )


def _housekeeping(settings: Settings) -> HousekeepingSettings:
    embedded = settings.database_url is None
    return HousekeepingSettings(
        disk_least_free_bytes=settings.disk_least_free_mb * 1_000_000,
        keep_runs=timedelta(days=settings.keep_runs_days),
        keep_logs=timedelta(days=settings.keep_logs_days),
        log_folder=settings.home / "logs",
        free_bytes=(lambda: shutil.disk_usage(settings.home).free) if embedded else None,
    )


def pages(context: Context, settings: Settings, *, secure_cookies: bool) -> "Litestar":
    """The web application of this system."""
    from ontologie.api import routes  # commands that serve no pages start a third faster without these two
    from ontologie.web import application

    private = settings.public_url is None and settings.host in ("127.0.0.1", "::1", "localhost")
    return application.build(
        context,
        secure_cookies=secure_cookies,
        metrics_token=_metrics_token(settings, private=private),
        beside=[routes.router(), routes.openapi],
        api=routes.description(version("ontologie")),
    )


def operations(context: Context, settings: Settings) -> "Litestar":
    """What a worker shows of itself on its own port."""
    from ontologie.web import application

    return application.build_operations(context, metrics_token=_metrics_token(settings, private=True))


def _metrics_token(settings: Settings, *, private: bool) -> str | None:
    """Where others than this machine can reach the port, metrics are for who has the token."""
    if settings.metrics_token is not None:
        return settings.metrics_token.get_secret_value()
    return "" if private else None


def prepare_home(home: Path) -> None:
    """The data folder, made when it is not there. Raises OperatorError (HOME_NOT_WRITABLE)."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(str(error), code="HOME_NOT_WRITABLE", path=str(home)) from None
    if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
        raise OperatorError("not writable", code="HOME_NOT_WRITABLE", path=str(home))


async def _database(settings: Settings, stack: contextlib.AsyncExitStack, clock: SystemClock) -> str:
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        check_address(url)
        return url
    return await stack.enter_async_context(EmbeddedServer(settings.home, clock).running())
