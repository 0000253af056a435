"""The command ``ontologie``: thin, no query and no rule."""

import sys

INTERRUPTED = 130


def main() -> None:
    """The entry point. Ctrl-C exits 130 from the first moment, also while the modules are still being read."""
    try:
        from ontologie.cli.main import main as command

        command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
