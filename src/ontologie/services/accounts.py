"""The account behind credentials: a session with it under a deadline, and whose it is."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

from ontologie.connectors.contract import Connector, Session
from ontologie.errors import ActionRequired, Unreachable, UsageError
from ontologie.httpclient.tokens import CredentialKeeper
from ontologie.model.address import host_of, on_this_machine
from ontologie.model.reference import Account
from ontologie.model.source import Source
from ontologie.model.user import Role
from ontologie.services.context import Context

PATIENCE = timedelta(seconds=20)
"""For an answer of the account that somebody waits for."""


@contextlib.asynccontextmanager
async def opened(
    context: Context, connector: Connector, api_url: str, keeper: CredentialKeeper, *, patience: timedelta = PATIENCE
) -> AsyncIterator[Session]:
    """A session with the account, for at most ``patience``.

    Raises UsageError (API_HOST_REFUSED), Unreachable (HUBSPOT_TIMEOUT) when the body has not ended by then.
    """
    check_api_url(context, api_url)
    try:
        async with (
            asyncio.timeout(patience.total_seconds()),
            connector.open(api_url=api_url, credentials=keeper, terms=context.terms) as session,
        ):
            yield session
    except TimeoutError:
        raise too_late(patience) from None


async def account_behind(context: Context, connector: Connector, api_url: str, keeper: CredentialKeeper) -> Account:
    """Whose account the credentials open. Raises as :func:`opened` and the session do."""
    context.require(Role.ADMIN)
    async with opened(context, connector, api_url, keeper) as session:
        return await session.account()


def check_api_url(context: Context, api_url: str) -> None:
    """Credentials go to known hosts only. Raises UsageError (API_HOST_REFUSED)."""
    host = host_of(api_url)
    if host in context.api_hosts or (context.simulator and on_this_machine(api_url)):
        return
    raise UsageError(host, code="API_HOST_REFUSED", host=host, known=", ".join(context.api_hosts))


def check_same_portal(source: Source, account: Account) -> None:
    """Two accounts are never mixed in one schema. Raises ActionRequired (HUBSPOT_OTHER_PORTAL)."""
    if source.account is not None and source.account.portal_id != account.portal_id:
        raise ActionRequired(
            "another portal",
            code="HUBSPOT_OTHER_PORTAL",
            found=account.portal_id,
            expected=source.account.portal_id,
            source=source.name,
        )


def too_late(patience: timedelta) -> Unreachable:
    """What an answer is that has not come in this time."""
    return Unreachable("no answer in time", code="HUBSPOT_TIMEOUT", seconds=max(1, round(patience.total_seconds())))
