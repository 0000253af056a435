"""Links that the account does not tell: refused now, to be asked for again, or not for this token at all."""

import msgspec
import pytest

from ontologie.connectors.hubspot.links import LinksReader
from ontologie.httpclient.request import Request, Response
from ontologie.model.stream import AssociationPair
from tests.unit.connectors.hubspot.servers import objects_of
from tests.unit.httpclient.doubles import answer

PAIRS = [AssociationPair(from_type="contacts", to_type=name) for name in ("companies", "deals")]


def telling(status: int, **body: object) -> tuple[LinksReader, list[str]]:
    """A reader of an account that answers so for companies, and the paths it asks."""
    asked: list[str] = []

    def respond(request: Request) -> Response:
        asked.append(request.path)
        if "/companies/" in request.path:
            return answer(status, msgspec.json.encode({"status": "error", "message": "no", **body}))
        ends = [{"toObjectId": 9, "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": 4, "label": None}]}]
        return answer(body=msgspec.json.encode({"results": [{"from": {"id": "1"}, "to": ends}]}))

    return LinksReader(objects_of(respond), PAIRS), asked


@pytest.mark.parametrize("status", [400, 404])
async def test_what_is_refused_is_told_as_refused_and_not_asked_for_again_now(status: int) -> None:
    links, asked = telling(status)
    for _ in range(2):
        companies, deals = await links.of([1, 2])
        assert (companies.to_type, companies.from_ids, companies.links) == ("companies", (1, 2), None)
        assert deals.links is not None
        assert [link.to_id for link in deals.links] == [9]
    assert len(asked) == 3


@pytest.mark.parametrize(
    "body", [{"category": "MISSING_SCOPES"}, {"errors": [{"message": "no", "code": "USER_DOES_NOT_HAVE_PERMISSIONS"}]}]
)
async def test_a_pair_that_may_not_be_read_stops_no_other(body: dict[str, object]) -> None:
    links, asked = telling(403, **body)
    for _ in range(2):
        assert [found.to_type for found in await links.of([1])] == ["deals"]
    assert len(asked) == 3
