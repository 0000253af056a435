"""Which processes live in a data folder: the truth about a lock file that a killed PostgreSQL left behind."""

from pathlib import Path

import structlog

_PROC = Path("/proc")

log = structlog.get_logger(__name__)


def holders(data: Path) -> list[int] | None:
    """Pids of PostgreSQL processes that work in this folder; None where the system does not tell.

    A PostgreSQL process makes the data folder its working directory, and a zombie has none. The pid in
    ``postmaster.pid`` proves less: in a container whose first process does not collect its dead children, the pid of
    a killed postmaster stays taken, and PostgreSQL refuses to start because of it.
    """
    if not _PROC.joinpath("self").exists():
        return None
    real = data.resolve()
    found = []
    for process in _PROC.iterdir():
        if not process.name.isdecimal():
            continue
        try:
            if process.joinpath("cwd").readlink() == real:
                found.append(int(process.name))
        except OSError:  # it has just ended, is a zombie, or is someone else's
            continue
    return found


def clear_stale_lock(data: Path) -> bool:
    """Remove ``postmaster.pid`` when nobody lives in the folder any more.

    Never while a backend does: it would still write to the shared memory that a new server knows nothing of.
    """
    lock = data / "postmaster.pid"
    if not lock.exists() or holders(data) != []:
        return False
    lock.unlink()
    log.warning("stale_lock_removed", folder=str(data))
    return True
