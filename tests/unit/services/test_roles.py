"""Who may do what, service by service: a service that is not in this table fails, so that nobody forgets to say."""

import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from ontologie import services
from ontologie.errors import PermissionMissing
from ontologie.model.user import Role, User
from ontologie.services.context import Context

LEAST: dict[str, Role | None] = {
    "api_keys.create": Role.ADMIN,
    "api_keys.every": Role.ADMIN,
    "api_keys.recognise": None,
    "api_keys.revoke": Role.ADMIN,
    "monitoring.glance": Role.VIEWER,
    "notifications.add_email": Role.ADMIN,
    "notifications.add_webhook": Role.ADMIN,
    "notifications.every": Role.ADMIN,
    "notifications.remove": Role.ADMIN,
    "notifications.send_test": Role.ADMIN,
    # None: also for somebody who is not logged in yet, or about oneself.
    "access.change_password": None,
    "monitoring.disk": None,
    "access.end_my_session": None,
    "access.end_session": None,
    "access.have_password": None,
    "access.link_user": None,
    "access.log_in": None,
    "access.login_link": Role.OWNER,
    "access.my_sessions": None,
    "access.redeem_login_link": None,
    "access.session_user": None,
    "accounts.account_behind": Role.ADMIN,
    "accounts.check_api_url": None,  # a rule
    "accounts.opened": None,  # its callers say
    "authorizing.finish": Role.ADMIN,
    "authorizing.start": Role.ADMIN,
    "backups.backup": Role.OWNER,
    "connecting.begin": Role.ADMIN,
    "connecting.begin_again": Role.ADMIN,
    "connecting.choose": Role.ADMIN,
    "connecting.client_of": Role.ADMIN,
    "connecting.credentials_of": None,  # names a place, reads nothing
    "connecting.discard": Role.ADMIN,
    "connecting.find": Role.ADMIN,
    "connecting.finish": Role.ADMIN,
    "connecting.give_client": Role.ADMIN,
    "connecting.give_token": Role.ADMIN,
    "connecting.properties": Role.ADMIN,
    "connecting.suggested_name": Role.ADMIN,
    "connecting.test": Role.ADMIN,
    "connecting.unfinished": Role.ADMIN,
    "discovery.discover": Role.ADMIN,
    "discovery.own_types": Role.EDITOR,
    "discovery.properties": Role.ADMIN,
    "entities.every": Role.VIEWER,
    "entities.link": Role.EDITOR,
    "entities.links": Role.VIEWER,
    "drift.acknowledge": Role.EDITOR,
    "drift.changes": Role.VIEWER,
    "exporting.export": Role.VIEWER,
    "grid.count": Role.VIEWER,
    "grid.object_types": Role.VIEWER,
    "grid.records_held": Role.VIEWER,
    "grid.rows": Role.VIEWER,
    "grid.sheet": Role.VIEWER,
    "grid.source_of_table": Role.VIEWER,
    "inspection.rejected": Role.VIEWER,
    "inspection.schema": Role.VIEWER,
    "pictures.closings": Role.VIEWER,
    "pictures.lifecycle": Role.VIEWER,
    "pictures.pipelines": Role.VIEWER,
    "pictures.weeks": Role.VIEWER,
    "health.check": Role.VIEWER,
    "health.notices": Role.VIEWER,
    "health.reach_database": Role.VIEWER,
    "measurements.exposition": Role.VIEWER,
    "people.change_my_profile": None,
    "people.change_role": Role.ADMIN,
    "people.every": Role.ADMIN,
    "people.invite": Role.ADMIN,
    "people.new_link": Role.ADMIN,
    "people.remove": Role.ADMIN,
    "problems.open_problems": Role.VIEWER,
    "remarks.of_sources": Role.VIEWER,
    "query.reader_url": Role.ADMIN,
    "query.source_reader_url": Role.ADMIN,
    "query.run_sql": Role.VIEWER,
    "runs.cancel": Role.EDITOR,
    "runs.cancel_one": Role.EDITOR,
    "runs.find": Role.VIEWER,
    "records.find": Role.VIEWER,
    "saved_views.delete": Role.EDITOR,
    "saved_views.save": Role.EDITOR,
    "saved_views.visible": Role.VIEWER,
    "runs.history": Role.VIEWER,
    "runs.start_now": Role.EDITOR,
    "runs.sync_here": Role.EDITOR,
    "secrets.rotate": Role.OWNER,
    "source_changes.choices": Role.VIEWER,
    "source_changes.own_streams": Role.EDITOR,
    "source_changes.set_hard_delete": Role.EDITOR,
    "source_changes.set_streams": Role.EDITOR,
    "sources.add": Role.ADMIN,
    "sources.check_new_name": Role.VIEWER,
    "sources.called": Role.VIEWER,
    "sources.connect": Role.ADMIN,
    "sources.connector_of": None,
    "sources.every": Role.VIEWER,
    "sources.find": Role.VIEWER,
    "sources.pause": Role.EDITOR,
    "sources.reconnect": Role.ADMIN,
    "sources.remove": Role.ADMIN,
    "sources.resume": Role.EDITOR,
    "sources.row_counts": Role.VIEWER,
    "sources.set_frequency": Role.EDITOR,
    "streams.changes": Role.VIEWER,
    "streams.overview": Role.VIEWER,
    "streams.recent_changes": Role.VIEWER,
}


def all_services() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of the services that works on a context, by ``module.function``."""
    for found in pkgutil.iter_modules(services.__path__):
        module = importlib.import_module(f"ontologie.services.{found.name}")
        for name, function in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != module.__name__:
                continue
            if next(iter(inspect.signature(function).parameters), None) == "context":
                yield f"{found.name}.{name}", function


SERVICES = dict(all_services())


class _Reached(Exception):
    """The service has gone past its check."""


class _NothingBehind(Context, frozen=True, kw_only=True):
    """A system in which the first thing a service reaches for says so."""

    def __getattribute__(self, name: str) -> Any:
        if name in ("require", "actor", "acting_as"):
            return object.__getattribute__(self, name)
        raise _Reached(name)


def somebody(role: Role) -> Context:
    nothing: dict[str, Any] = dict.fromkeys(Context.__struct_fields__)
    return _NothingBehind(**nothing | {"actor": User(id=7, name="Zoé", role=role)})


async def call(function: Callable[..., Any], context: Context) -> None:
    """Call a service with arguments that mean nothing: its check comes first."""
    arguments = list(inspect.signature(function).parameters.values())[1:]
    positional = [Role.VIEWER for item in arguments if item.kind is not item.KEYWORD_ONLY]
    named = {item.name: Role.VIEWER for item in arguments if item.kind is item.KEYWORD_ONLY}
    result = function(context, *positional, **named)
    if inspect.isasyncgen(result):
        await anext(result)
    elif isinstance(result, Awaitable):
        await result


def test_every_service_says_who_may() -> None:
    assert sorted(SERVICES) == sorted(LEAST)


@pytest.mark.parametrize("name", [name for name, least in LEAST.items() if least not in (None, Role.VIEWER)])
async def test_a_lesser_role_is_refused_before_anything_is_touched(name: str) -> None:
    least = LEAST[name]
    assert least is not None
    for role in Role:
        with pytest.raises(Exception) as raised:  # noqa: PT011 - which one is what is tested
            await call(SERVICES[name], somebody(role))
        assert isinstance(raised.value, PermissionMissing) == (not role.allows(least)), role


@pytest.mark.parametrize("name", [name for name, least in LEAST.items() if least is Role.VIEWER])
async def test_a_viewer_may_read(name: str) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011
        await call(SERVICES[name], somebody(Role.VIEWER))
    assert not isinstance(raised.value, PermissionMissing)
