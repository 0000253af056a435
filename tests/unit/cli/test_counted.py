"""One is told as one."""

import pytest

from ontologie.cli import output


@pytest.mark.parametrize(("number", "said"), [(0, "0 sources"), (1, "1 source"), (1200, "1,200 sources")])
def test_a_number_agrees_with_its_noun(number: int, said: str) -> None:
    assert output.counted(number, "source") == said
