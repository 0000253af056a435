"""From a revoked token to a message in somebody's mailbox, and the good news after it."""

import asyncio

from hubspot_simulator import DEFAULT_TOKEN
from ontologie.model.run import RunOptions, RunStatus
from ontologie.services import notifications, runs, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from tests.lab import Lab
from tests.unit.jobs.mailbox import mailbox


def test_somebody_is_told_once_of_trouble_and_once_of_its_end(installation, portal) -> None:
    made, url = portal(contacts=3)

    async def work(context: Context, box) -> None:
        await notifications.add_email(context, "zoe@example.com", "en")
        request = SourceRequest(
            name="told2", connector="hubspot", token=DEFAULT_TOKEN, api_url=url, streams=("contacts",),
            frequency="manual",
        )  # fmt: skip
        source = await sources.add(context, request)

        async def synced() -> RunStatus:
            ended = await runs.sync_here(context, source, RunOptions(), lambda _: None)
            await context.courier.deliver_due()
            return ended.status

        assert await synced() is RunStatus.SYNCED
        assert box.messages == []
        made.revoke(DEFAULT_TOKEN)
        assert [await synced(), await synced()] == [RunStatus.ACTION_REQUIRED] * 2
        assert [letter["Subject"] for letter in box.messages] == ["Ontologie · told2: action required"]
        made.issue(DEFAULT_TOKEN, None, None)
        assert [await synced(), await synced()] == [RunStatus.SYNCED] * 2
        assert box.messages[1]["Subject"] == "Ontologie · told2: synced again"
        assert len(box.messages) == 2
        await sources.remove(context, "told2", with_data=True)

    async def inside() -> None:
        async with mailbox() as box:
            lab = Lab(installation.home)
            lab.settings = {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_security": "none",
                            "smtp_from": "live@example.com"}  # fmt: skip
            await asyncio.to_thread(lab.within, lambda context: work(context, box))

    asyncio.run(inside())
