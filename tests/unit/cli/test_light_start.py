"""What a command does not load."""

import subprocess
import sys

_COMMAND = """
import sys
from ontologie import cli
sys.argv = ["ontologie", "--version"]
try:
    cli.main()
except SystemExit:
    import pyarrow
    pyarrow.array(["a list"])
    print("pandas" in sys.modules)
"""


def test_a_command_leaves_pandas_alone_although_arrow_looks_for_it() -> None:
    said = subprocess.run([sys.executable, "-c", _COMMAND], check=True, capture_output=True, text=True)
    assert said.stdout.splitlines()[-1] == "False"
    alone = "import sys, pyarrow; pyarrow.array(['a list']); print('pandas' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", alone], check=True, capture_output=True, text=True)
    assert said.stdout.strip() == "True"  # else this tests nothing
