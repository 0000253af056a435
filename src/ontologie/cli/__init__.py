"""The command ``ontologie``: thin, no query and no rule."""

import os
import sys

INTERRUPTED = 130


def main() -> None:
    """The entry point. Ctrl-C exits 130 from the first moment, also while the modules are still being read."""
    # Arrow's own allocator keeps what its threads once held: 27 MB more in a first sync than with the system's.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        from ontologie.cli.main import main as command

        command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
