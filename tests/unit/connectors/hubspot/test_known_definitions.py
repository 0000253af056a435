"""Definitions that are what they were an hour ago are neither read nor written; any other byte is."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from hubspot_simulator import Portal
from ontologie.connectors.hubspot.properties import PropertyAnswer

BODY = b'{"results": [{"name": "email", "type": "string"}]}'


def test_an_answer_that_is_known_is_read_only_when_wanted() -> None:
    broken = b"no definitions"
    digest = PropertyAnswer(BODY).digest
    assert [item.name for item in PropertyAnswer(BODY, [digest]).properties()] == ["email"]
    with pytest.raises(msgspec.DecodeError):
        PropertyAnswer(broken, [digest])


def test_one_byte_makes_another_answer() -> None:
    assert PropertyAnswer(BODY + b" ").digest != PropertyAnswer(BODY).digest


async def test_a_change_in_one_kind_brings_the_properties_of_all(
    make_portal: Callable[..., Portal], open_session: Callable[[Portal], Any]
) -> None:
    portal = make_portal(contacts=1)
    async with open_session(portal) as session:
        before, known = await session.schema_unless("contacts", (), sensitive=True, known=b"")
        portal.events.add_property("contacts", "shoe_size", "string", "text")
        after, told = await session.schema_unless("contacts", (), sensitive=True, known=known)
    assert told != known
    assert set(after.property_names()) - set(before.property_names()) == {"shoe_size"}
    assert set(before.property_names()) < set(after.property_names())
