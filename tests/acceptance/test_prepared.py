"""A command forked from a prepared process is the one that is started."""

import pytest

from tests import prepared
from tests.installation import COMMAND, Installation


@pytest.mark.parametrize("arguments", [["status", "--json"], ["sync", "nobody"], ["--help"]])
def test_a_prepared_command_says_and_returns_what_a_started_one_does(
    installation: Installation, arguments: list[str]
) -> None:
    process = installation.begin(*arguments)
    said = process.communicate(timeout=60)
    done = prepared.run([COMMAND, *arguments], installation.environment, timeout_s=60)
    assert (done.returncode, done.stdout, done.stderr) == (process.returncode, *said)


def test_a_prepared_command_that_takes_too_long_is_ended(installation: Installation) -> None:
    with pytest.raises(TimeoutError):
        prepared.run([COMMAND, "worker"], installation.environment, timeout_s=0.5)
