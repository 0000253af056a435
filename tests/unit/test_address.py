"""The address that is printed and sent is one that a person can open."""

import pytest

from ontologie.settings import Settings


@pytest.mark.parametrize("host", ["0.0.0.0", ""])
def test_who_listens_everywhere_is_opened_on_this_machine(host: str) -> None:
    assert Settings(host=host, port=8650).address() == "http://127.0.0.1:8650"


def test_a_host_of_the_operators_is_kept_and_a_free_port_is_the_one_taken() -> None:
    assert Settings(host="10.1.2.3", port=0).address(40_001) == "http://10.1.2.3:40001"


def test_behind_a_proxy_it_is_the_public_address() -> None:
    assert Settings(host="0.0.0.0", public_url="https://live.example.com/").address() == "https://live.example.com"
