"""Looking after the installation: room on the disk, and what is forgotten in time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import structlog

from ontologie.clock import Clock
from ontologie.database import notices, runs, sessions
from ontologie.database.pool import Pool
from ontologie.jobs.execution import Execution

DISK_NEARLY_FULL = "DISK_NEARLY_FULL"
_ROOM_TO_RESUME = 1.2
"""Free space has to be so much above the limit before syncs go on: else they stop again at once."""

log = structlog.get_logger(__name__)


class HousekeepingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator may set."""

    disk_least_free_bytes: int
    keep_runs: timedelta
    keep_logs: timedelta
    log_folder: Path
    free_bytes: Callable[[], int] | None
    """Free space where the database lies; None: on another machine, where we cannot look."""


class Housekeeping:
    """One per worker. All of it may be done by several workers at once."""

    def __init__(self, pool: Pool, clock: Clock, execution: Execution, settings: HousekeepingSettings) -> None:
        self._pool = pool
        self._clock = clock
        self._execution = execution
        self._settings = settings

    async def watch_disk(self) -> None:
        """Hold all syncs before PostgreSQL runs out of room, and let them go on once there is some again."""
        if self._settings.free_bytes is None:
            return
        free, least = self._settings.free_bytes(), self._settings.disk_least_free_bytes
        if free < least:
            if not self._execution.held:
                log.warning("disk_nearly_full", free_mb=free // 1_000_000, least_mb=least // 1_000_000)
            self._execution.hold()
            async with self._pool.connection() as connection:
                params: dict[str, str | int] = {"free": _megabytes(free), "least": _megabytes(least)}
                await notices.raise_(connection, DISK_NEARLY_FULL, params, self._clock.now())
        elif free >= least * _ROOM_TO_RESUME:
            async with self._pool.connection() as connection:
                cleared = await notices.clear(connection, DISK_NEARLY_FULL)
            if self._execution.held or cleared:
                log.info("disk_has_room_again", free_mb=free // 1_000_000)
            self._execution.go_on()

    async def forget(self) -> None:
        """Delete old runs, ended logins and old log files."""
        now = self._clock.now()
        async with self._pool.connection() as connection:
            deleted = await runs.forget(connection, before=now - self._settings.keep_runs)
            await sessions.forget_expired(connection, now)
        files = old_logs(self._settings.log_folder, before=now - self._settings.keep_logs)
        for file in files:
            file.unlink(missing_ok=True)
        log.info("forgotten", runs=deleted, log_files=len(files))


def old_logs(folder: Path, *, before: datetime) -> list[Path]:
    """Rotated log files last written before this; never the one that is being written."""
    written = {file: datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in sorted(folder.glob("*.log.*"))}
    return [file for file, moment in written.items() if moment < before]


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
