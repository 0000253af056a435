"""HubSpot's endpoints as functions: what to send, what comes back. Dated paths, version 2026-09."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ontologie.connectors.hubspot import records, wire
from ontologie.connectors.hubspot.portals import ASSOCIATIONS, BURST, SEARCH
from ontologie.connectors.hubspot.properties import PropertyAnswer
from ontologie.errors import ContractBroken
from ontologie.httpclient.client import ApiClient
from ontologie.httpclient.request import Priority, Request

VERSION = "2026-09"
LIST_LIMIT = 100
SEARCH_LIMIT = 200
BATCH_LIMIT = 100
LINKS_LIMIT = 1_000

_encode = msgspec.json.encode
_pipelines = records.reader_of(wire.PipelineList)
_owners = records.reader_of(wire.OwnerPage)
_labels = records.reader_of(wire.LabelList)
_custom_objects = records.reader_of(wire.CustomObjectList)
_token = msgspec.json.Decoder(wire.TokenInfo).decode
_account = records.reader_of(wire.AccountDetails)


class ObjectsApi:
    """The endpoints of one object type's records, asked with one priority."""

    def __init__(self, client: ApiClient, object_type: str, priority: Priority) -> None:
        self._client = client
        self._priority = priority
        self.object_type = object_type
        self._unreadable: list[wire.Unreadable] = []

    def patient(self) -> "ObjectsApi":
        """The same, for what may wait until nobody else wants to send."""
        return ObjectsApi(self._client, self.object_type, max(Priority))

    def in_flight(self, budget: str) -> float:
        """See :meth:`ontologie.httpclient.client.ApiClient.in_flight`."""
        return self._client.in_flight(budget)

    def list_request(
        self, properties: Sequence[str], after: str | None, *, archived: bool, limit: int = LIST_LIMIT
    ) -> Request:
        """A page of a list. Its URL carries every property name, so its length must be looked at."""
        params = [("limit", str(limit)), ("archived", "true" if archived else "false")]
        if after is not None:
            params.append(("after", after))
        params.append(("properties", ",".join(properties)))
        return Request(
            method="GET",
            path=f"/crm/objects/{VERSION}/{self.object_type}",
            params=tuple(params),
            budgets=(BURST,),
            priority=self._priority,
            object_type=self.object_type,
        )

    async def list_page(self, request: Request) -> wire.RecordPage:
        return await self._page(request)

    async def search(self, query: dict[str, Any]) -> wire.RecordPage:
        """Live records only, and none of the last moments: search lags."""
        return await self._page(
            Request(
                method="POST",
                path=f"/crm/objects/{VERSION}/{self.object_type}/search",
                body=_encode(query),
                budgets=(SEARCH,),
                priority=self._priority,
                object_type=self.object_type,
            )
        )

    async def count(self) -> int:
        """How many live records there are."""
        return (await self.search({"filterGroups": [], "properties": [], "limit": 1})).total

    async def batch_read(self, ids: Sequence[int], properties: Sequence[str], *, archived: bool) -> wire.RecordPage:
        """At most 100 ids. Those that are missing are not in the answer, a 207; one that says it failed for some is no
        answer, and asked for again."""
        body = {"inputs": [{"id": str(item)} for item in ids], "properties": properties, "propertiesWithHistory": []}
        return await self._page(
            Request(
                method="POST",
                path=f"/crm/objects/{VERSION}/{self.object_type}/batch/read",
                params=(("archived", "true" if archived else "false"),),
                body=_encode(body),
                budgets=(BURST,),
                priority=self._priority,
                object_type=self.object_type,
            ),
            records.read_batch,
        )

    def take_unreadable(self) -> tuple[wire.Unreadable, ...]:
        """What came between the records of the pages read so far, each once."""
        taken, self._unreadable = tuple(self._unreadable), []
        return taken

    async def _page(
        self, request: Request, read: Callable[[bytes], wire.RecordPage] = records.read_records
    ) -> wire.RecordPage:
        page = await self._client.fetch(request, read)
        if isinstance(page, wire.MixedPage):
            self._unreadable += page.unreadable
        return page

    async def get_id(self, record_id: int, *, archived: bool = False) -> int | None:
        """The id that a record answers with: the survivor's, where it was merged away. None: it answers with none."""
        return await self._client.fetch(
            Request(
                method="GET",
                path=f"/crm/objects/{VERSION}/{self.object_type}/{record_id}",
                params=(("archived", "true"),) if archived else (),
                budgets=(BURST,),
                priority=self._priority,
                object_type=self.object_type,
            ),
            records.id_of,
        )

    async def links(self, to_type: str, inputs: Sequence[dict[str, str]]) -> wire.LinkPage:
        """The links of at most 1,000 records. One with none is not in the answer, a 207; one that says it failed for
        some is no answer, and asked for again."""
        return await self._client.fetch(
            Request(
                method="POST",
                path=f"/crm/associations/{VERSION}/{self.object_type}/{to_type}/batch/read",
                body=_encode({"inputs": inputs}),
                budgets=(ASSOCIATIONS,),
                priority=self._priority,
                object_type=self.object_type,
            ),
            records.read_links,
        )

    async def properties(self, sensitivity: str, known: Sequence[bytes] = ()) -> PropertyAnswer:
        """Definitions of one degree of sensitivity, archived ones left out. No paging."""
        path = f"/crm/properties/{VERSION}/{self.object_type}"
        request = self._definition(path, ("dataSensitivity", sensitivity))
        return await self._client.fetch(request, lambda body: PropertyAnswer(body, known))

    async def pipelines(self) -> tuple[wire.WirePipeline, ...]:
        request = self._definition(f"/crm/pipelines/{VERSION}/{self.object_type}")
        return (await self._client.fetch(request, _pipelines)).results

    async def labels(self, to_type: str) -> tuple[wire.WireLabel, ...]:
        request = self._definition(f"/crm/associations/{VERSION}/{self.object_type}/{to_type}/labels")
        return (await self._client.fetch(request, _labels)).results

    def _definition(self, path: str, *params: tuple[str, str]) -> Request:
        return Request(
            method="GET",
            path=path,
            params=params,
            budgets=(BURST,),
            priority=self._priority,
            object_type=self.object_type,
        )


async def owners(client: ApiClient, *, archived: bool) -> tuple[wire.WireOwner, ...]:
    """All owners, page by page."""
    found: list[wire.WireOwner] = []
    after: str | None = None
    seen: set[str] = set()
    while True:
        params = [("limit", "100"), ("archived", "true" if archived else "false")]
        if after is not None:
            params.append(("after", after))
        request = Request(
            method="GET",
            path=f"/crm/owners/{VERSION}",
            params=tuple(params),
            budgets=(BURST,),
            priority=Priority.CHANGES,
        )
        page = await client.fetch(request, _owners)
        found.extend(page.results)
        following = page.paging.next.after if page.paging and page.paging.next else None
        if following is None:
            return tuple(found)
        if following in seen:
            raise ContractBroken("the cursor of the owners repeats")
        seen.add(after := following)


async def token_info(client: ApiClient, token: str) -> wire.TokenInfo:
    """Who a private app's token or service key belongs to. Needs no scope."""
    request = Request(
        method="POST",
        path="/oauth/v2/private-apps/get/access-token-info",
        body=_encode({"tokenKey": token}),
        budgets=(BURST,),
        priority=Priority.INTERACTIVE,
    )
    return await client.fetch(request, _token)


async def custom_objects(client: ApiClient) -> tuple[wire.CustomObject, ...]:
    """The account's own object types, all in one answer."""
    request = Request(
        method="GET",
        path=f"/crm-object-schemas/{VERSION}/schemas",
        params=(("archived", "false"), ("includePropertyDefinitions", "false")),
        budgets=(BURST,),
        priority=Priority.INTERACTIVE,
    )
    return (await client.fetch(request, _custom_objects)).results


async def account_details(client: ApiClient) -> wire.AccountDetails:
    request = Request(
        method="GET",
        path=f"/account-info/{VERSION}/details",
        budgets=(BURST,),
        priority=Priority.INTERACTIVE,
    )
    return await client.fetch(request, _account)


def in_milliseconds(moment: datetime) -> str:
    """A moment as search filters take it."""
    return str(int(moment.timestamp() * 1000))
