"""The list of deleted records. There is no filter by time, and only the cursor decides the end."""

from collections.abc import AsyncGenerator, Mapping

from ontologie.connectors.hubspot.lists import ListPages
from ontologie.connectors.hubspot.ranges import END
from ontologie.connectors.hubspot.reader import ReadPage
from ontologie.connectors.hubspot.wire import RecordPage
from ontologie.errors import ContractBroken, RequestRefused

_ENDED = "ended"
"""A position behind the last page. None at all is one before the first."""


class ArchivedReader:
    """Reads the list page by page, from a position of its own on."""

    def __init__(self, lists: ListPages, position: Mapping[str, str]) -> None:
        self._lists = lists
        self._after = position.get("after")
        self._ended = _ENDED in position

    def position(self) -> dict[str, str]:
        """Behind the page that was given last."""
        if self._ended:
            return {_ENDED: ""}
        return {} if self._after is None else {"after": self._after}

    async def pages(self) -> AsyncGenerator[ReadPage, None]:
        """All pages that are left. Raises ContractBroken when the cursor comes back to where it was."""
        seen = {self._after}
        while not self._ended:
            page = await self._page()
            if page.after is not None and page.after in seen:
                raise ContractBroken("the archived list's cursor repeats")
            seen.add(page.after)
            self._after = page.after
            self._ended = page.after is None
            yield ReadPage(records=page.results, first=0, end=END)

    async def _page(self) -> RecordPage:
        try:
            return await self._lists.page(self._after)
        except RequestRefused:
            if self._after is None:
                raise
        self._after = None  # a cursor of an earlier run that HubSpot no longer takes: from the beginning
        return await self._lists.page(None)
