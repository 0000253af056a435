"""The system in this process: sources on simulated portals, synced and compared without a command's start-up."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from hubspot_simulator import DEFAULT_TOKEN, Portal
from ontologie.model.run import ObjectProgress, Run, RunOptions
from ontologie.services import query, runs, source_changes, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from ontologie.settings import Settings
from ontologie.wiring import system
from tests.installation import HURRIED
from tests.truth import TYPES, differences

T = TypeVar("T")


class Lab:
    """Adds sources and syncs them; every call is a system of its own, as separate commands are."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.settings: dict[str, object] = {}
        """Beside the usual ones."""
        self.searches_per_s = HURRIED

    def within(self, work: Callable[[Context], Awaitable[T]]) -> T:
        """The result of ``work`` in a running system."""

        async def inside() -> T:
            usual = {
                "hubspot_api_hosts": "127.0.0.1",
                "free_share": 0,
                "free_share_first_sync": 0,
                "searches_per_s": self.searches_per_s,
            }
            settings = Settings.model_validate({"home": self.home, **usual, **self.settings})
            async with system(settings) as context:
                return await work(context)

        return asyncio.run(inside())

    def add(
        self,
        name: str,
        url: str,
        *streams: str,
        token: str = DEFAULT_TOKEN,
        sensitive: bool = False,
        hard_delete: bool = False,
    ) -> None:
        """A source that is synced on request."""
        request = SourceRequest(
            name=name,
            connector="hubspot",
            token=token,
            api_url=url,
            streams=streams,
            sensitive=sensitive,
            hard_delete=hard_delete,
            frequency="manual",
        )
        self.within(lambda context: sources.add(context, request))

    def forget(self, name: str) -> None:
        """Remove the source with its data, if there is one of that name."""

        async def work(context: Context) -> None:
            if name in [source.name for source in await sources.every(context)]:
                await sources.remove(context, name, with_data=True)

        self.within(work)

    def sync(self, name: str, **options: bool) -> Run:
        """A run to its end."""

        async def work(context: Context) -> Run:
            source = await sources.find(context, name)
            return await runs.sync_here(context, source, RunOptions(**options), lambda _: None)

        return self.within(work)

    def choose(self, name: str, streams: Sequence[str], **excluded: Sequence[str]) -> None:
        """Tick these streams, and leave these properties out (by object type)."""
        self.within(lambda context: source_changes.set_streams(context, name, streams, excluded))

    def cut(self, account: Portal, name: str, after: int, *, check: bool) -> None:
        """Begin a run, or go on with the open one, and drop everything once it has sent so many requests."""

        async def work(context: Context) -> None:
            source, before = await sources.find(context, name), requests(account)
            running = asyncio.create_task(runs.sync_here(context, source, RunOptions(check=check), lambda _: None))
            while requests(account) - before < after and not running.done():  # noqa: ASYNC110 - a thread counts
                await asyncio.sleep(0)
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

        self.within(work)

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What a query of the store gives."""
        return self.within(lambda context: query.run_sql(context, statement))[1]

    def differences(self, portal: Portal, name: str, *types: str) -> list[str]:
        """The store of a source, held against the portal's truth."""

        async def url(context: Context) -> str:
            return query.reader_url(context)

        return differences(portal, self.within(url), f"hubspot_{name}", types=types or TYPES)


def at_noon(portal: Portal) -> None:
    """In the account: its day, and with it the quota of that day, does not end while a test counts on it."""
    hour = portal.clock.now().astimezone(ZoneInfo(portal.config.time_zone)).hour
    portal.clock.advance(timedelta(hours=(12 - hour) % 24))


def progress(run: Run, object_type: str) -> ObjectProgress:
    """What a run did for one object type."""
    return next(item for item in run.objects if item.object_type == object_type)


def requests(account: Portal) -> int:
    """How many it has answered, whatever it answered."""
    return sum(family.requests for family in account.statistics.families.values())


def ids(portal: Portal, object_type: str) -> Iterator[int]:
    """The live ids of a type, as the portal truly has them."""
    for item in portal.truth():
        gone = item.get("archived") or item.get("merged_into") or item.get("purged")
        if item["kind"] == "record" and item["type"] == object_type and not gone:
            yield item["id"]
