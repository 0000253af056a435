"""A file that we make appears whole or not at all, whatever ends us."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ontologie import files
from ontologie.errors import OperatorError, UsageError

_MAKING = """
import pathlib, sys, time
from ontologie import files
with files.made(pathlib.Path(sys.argv[1])) as made:
    made.write_text("half")
    print("writes", flush=True)
    time.sleep(600)
"""


def begun(target: Path) -> "subprocess.Popen[str]":
    """Another process, in the middle of making this file."""
    process = subprocess.Popen([sys.executable, "-c", _MAKING, str(target)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writes\n"
    return process


def test_a_file_is_there_at_the_end_and_nothing_else(tmp_path: Path) -> None:
    with files.made(tmp_path / "a") as made:
        made.write_text("whole")
        assert not (tmp_path / "a").exists()
    assert [(item.name, item.read_text()) for item in tmp_path.iterdir()] == [("a", "whole")]


def test_what_a_killed_process_left_is_removed_by_the_next_and_what_another_writes_is_not(tmp_path: Path) -> None:
    killed, other = begun(tmp_path / "monday"), begun(tmp_path / "tuesday")
    killed.kill()
    killed.communicate()
    assert len(list(tmp_path.iterdir())) == 2
    with files.made(tmp_path / "wednesday") as made:
        made.write_text("whole")
    [left] = [item.name for item in tmp_path.iterdir() if item.name != "wednesday"]
    assert left.startswith(".tuesday.")
    other.kill()
    other.communicate()


def test_one_that_came_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    def write(made: Path) -> None:
        made.write_text("ours")
        (tmp_path / "a").write_text("theirs")

    with pytest.raises(UsageError) as refused, files.made(tmp_path / "a") as made:
        write(made)
    assert refused.value.code == "FILE_IN_THE_WAY"
    assert [item.read_text() for item in tmp_path.iterdir()] == ["theirs"]


def test_a_full_disk_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    def write(made: Path) -> None:
        made.write_text("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OperatorError) as refused, files.made(tmp_path / "a") as made:
        write(made)
    assert (refused.value.code, refused.value.params) == ("FILE_NO_ROOM", {"file": str(tmp_path / "a")})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_made_only_where_it_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused, files.made(tmp_path / "no" / "a"):
        pass
    assert refused.value.code == "FILE_NOT_WRITABLE"
    with files.made(tmp_path / "yes" / "a", parents=True) as made:
        made.touch()
    assert (tmp_path / "yes" / "a").exists()
