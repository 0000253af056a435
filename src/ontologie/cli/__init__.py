"""The command ``ontologie``: thin, no query and no rule."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

INTERRUPTED = 130


class _WithoutPandas(MetaPathFinder):
    """Arrow loads pandas, where it is installed, with the first array: 0.7 s and 47 MB that no command needs."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        if fullname == "pandas":
            raise ModuleNotFoundError("no command uses it", name=fullname)
        return None


def main() -> None:
    """The entry point. Ctrl-C exits 130 from the first moment, also while the modules are still being read."""
    sys.meta_path.insert(0, _WithoutPandas())
    # Arrow's own allocator keeps what its threads once held: 27 MB more in a first sync than with the system's.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    gc.disable()  # while modules are read there is no garbage, and looking for it takes a sixth of a start
    try:
        from ontologie.cli.main import main as command

        gc.enable()
        gc.freeze()  # what the imports made stays to the end: no collection has to look at it, nor has the exit
        command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
