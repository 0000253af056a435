"""Ctrl-C before the command has begun is still an interruption, not a traceback."""

import subprocess
import sys

_INTERRUPT_WHILE_IMPORTING = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "ontologie.cli.main":
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
sys.meta_path.insert(0, Interrupting())
from ontologie.cli import main
main()
"""


def test_ctrl_c_while_the_modules_are_read_exits_130() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPT_WHILE_IMPORTING], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (130, "")
