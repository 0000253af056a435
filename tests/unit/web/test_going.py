"""Actions lead back to pages of ours only, whatever the form said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontologie.web.going import go, local


@pytest.mark.parametrize("address", ["/", "/streams", "/sources/acme?x=1#y"])
def test_our_own_pages_are_gone_to(address: str) -> None:
    assert local(address) == address


@pytest.mark.parametrize(
    "address",
    [None, "", "https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", "/a\r\nSet-Cookie: x"],
)
def test_anything_else_is_not(address: str | None) -> None:
    assert local(address, "/streams") == "/streams"


@given(st.text())
def test_no_address_leads_elsewhere_or_splits_a_header(address: str) -> None:
    found = local(address)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert "\n" not in found
    assert "\r" not in found


def test_what_was_done_is_said_by_a_cookie_that_scripts_cannot_read() -> None:
    [cookie] = go("/streams", "said_sync", "acme").cookies
    assert cookie.httponly
    assert cookie.max_age == 60
