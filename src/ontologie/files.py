"""Files that we make for somebody: whole or not at all, and never in the place of another."""

import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ontologie.errors import OntologieError, OperatorError, UsageError

_UNFINISHED = ".unfinished"
_NO_ROOM = os.strerror(errno.ENOSPC)


@contextlib.contextmanager
def made(target: Path, *, parents: bool = False) -> Iterator[Path]:
    """Where to write what becomes ``target`` at the end; ``parents``: its folder is made too where there is none.

    Raises UsageError (FILE_IN_THE_WAY, FILE_NOT_WRITABLE), OperatorError (FILE_NO_ROOM).
    """
    try:
        if parents:
            target.parent.mkdir(parents=True, exist_ok=True)
        _refuse_to_replace(target)
        with _unfinished(target) as folder:
            yield folder / target.name
            _refuse_to_replace(target)
            folder.joinpath(target.name).rename(target)
    except OntologieError:
        raise
    except (PermissionError, FileNotFoundError, NotADirectoryError, FileExistsError) as error:
        raise UsageError(str(error), code="FILE_NOT_WRITABLE", file=str(target)) from None
    except Exception as error:
        if _NO_ROOM in str(error):  # DuckDB's and xlsxwriter's are no OSError
            raise OperatorError(str(error), code="FILE_NO_ROOM", file=str(target)) from error
        raise


def _refuse_to_replace(target: Path) -> None:
    if target.exists():
        raise UsageError(str(target), code="FILE_IN_THE_WAY", file=str(target))


@contextlib.contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A hidden folder beside the target, locked while we live; those whose process was killed are removed.

    Each gets its lock before the name by which others look for it. Where the file system knows no locks, none is found.
    """
    for lock in target.parent.glob(f".*{_UNFINISHED}/lock"):
        with contextlib.suppress(OSError), lock.open("r+") as left:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.", suffix=_UNFINISHED) as made:
        folder = Path(made)
        with folder.joinpath("new").open("w") as held:
            with contextlib.suppress(OSError):
                fcntl.flock(held, fcntl.LOCK_EX)
                folder.joinpath("new").rename(folder / "lock")
            yield folder
