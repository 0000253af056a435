"""The command ``ontologie``: thin, no query and no rule."""

from ontologie.cli.main import main

__all__ = ["main"]
