"""A table's page names the rows that its script asks for first, so that the browser asks for both at once."""

import html
import json
import re
from typing import Any

import pytest

from ontologie.model.user import Role
from ontologie.services.context import Context
from tests.unit.services.test_grid import deals


def named(page: str) -> str | None:
    found = re.search(r'<link rel="preload" href="([^"]+)" as="fetch"', page)
    return html.unescape(found[1]) if found else None


def first_rows(page: str) -> str:
    found = re.search(r'id="grid-config">(.*)</script>', page)
    assert found
    return str(json.loads(found[1])["rows"])


@pytest.mark.parametrize(
    ("question", "ids"),
    [("", {"1", "2", "3"}), ("cols=amount,nothing&sort=-amount&q=big", {"1"}), ('f=["kind","among","b"]', {"2"})],
)
async def test_the_rows_are_those_that_the_address_asks_for(
    context: Context, log_in: Any, question: str, ids: set[str]
) -> None:
    await deals(context)
    browser = await log_in(Role.VIEWER)
    page = (await browser.get(f"/streams/acme/deals?{question}")).text
    address = named(page)
    assert address
    assert first_rows(page) == address
    answer = await browser.get(address, headers={"accept": "*/*"})
    assert set(answer.json()["ids"]) == ids


async def test_a_question_that_makes_no_sense_is_left_to_the_script(context: Context, log_in: Any) -> None:
    await deals(context)
    page = (await (await log_in(Role.VIEWER)).get("/streams/acme/deals?f=nonsense")).text
    assert named(page) is None
    assert first_rows(page) == ""
