"""What a command says of an error."""

import pytest

from ontologie.cli import output
from ontologie.errors import UsageError


@pytest.mark.parametrize("name", ["[/x]", "[bold]x", "a\\[b]", "[link=http://127.0.0.1]x"])
def test_what_the_user_typed_is_repeated_as_it_is(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert output.report(UsageError(name, code="SOURCE_UNKNOWN", source=name)) == output.WRONG_USAGE
    assert f"There is no source named {name}." in capsys.readouterr().err
