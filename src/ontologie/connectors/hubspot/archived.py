"""The list of deleted records. There is no filter by time, and only the cursor decides the end."""

from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from itertools import pairwise

from ontologie.connectors.hubspot.lists import ListPages
from ontologie.connectors.hubspot.ranges import END
from ontologie.connectors.hubspot.reader import ReadPage
from ontologie.connectors.hubspot.wire import RecordPage
from ontologie.errors import ContractBroken, RequestRefused

RECYCLE_BIN = timedelta(days=89)
"""HubSpot names a deleted record for 90 days (section 10): one that leaves the list before was erased, or restored."""
_ENDED = "ended"
"""A position behind the last page. None at all is one before the first."""


class ArchivedReader:
    """Reads the list page by page, from a position of its own on."""

    def __init__(self, lists: ListPages, position: Mapping[str, str]) -> None:
        self._lists = lists
        self._after = position.get("after")
        self._ended = _ENDED in position
        self._reached = position.get("reached", "" if position else "0")
        """Up to where the ids were read without a gap; empty once they do not rise."""

    def position(self) -> dict[str, str]:
        """Behind the page that was given last."""
        if self._ended:
            return {_ENDED: ""}
        return {} if self._after is None else {"after": self._after, "reached": self._reached}

    async def pages(self) -> AsyncGenerator[ReadPage, None]:
        """All pages that are left. Raises ContractBroken when the cursor comes back to where it was."""
        seen: set[str] = set()
        while not self._ended:
            page = await (self._lists.page(self._after) if seen else self._first_page())
            if page.after is not None:
                if page.after in (self._after, *seen):
                    raise ContractBroken("the archived list's cursor repeats")
                seen.add(page.after)
            self._after = page.after
            self._ended = page.after is None
            yield self._covering(page)

    def _covering(self, page: RecordPage) -> ReadPage:
        """With the ids of which the page has every deleted one; none where it is not ordered by id."""
        ids = [int(record.id) for record in page.results]
        if not self._reached or any(low >= high for low, high in pairwise(ids)):
            self._reached = ""
            return ReadPage(records=page.results, first=0, end=0)
        first = int(self._reached)
        end = END if page.after is None else max([first, *(number + 1 for number in ids)])
        self._reached = str(end)
        return ReadPage(records=page.results, first=first, end=end)

    async def _first_page(self) -> RecordPage:
        """Where HubSpot no longer takes an earlier run's cursor: from the beginning."""
        try:
            return await self._lists.page(self._after)
        except RequestRefused:
            if self._after is None:
                raise
        self._after, self._reached = None, "0"
        return await self._lists.page(None)
