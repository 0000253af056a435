"""Where the log goes: JSON lines in the home folder, readable lines on stderr. Never on stdout."""

import fcntl
import logging
import logging.handlers
import os
import sys
from pathlib import Path

import structlog

from ontologie.errors import OperatorError

_FILE_BYTES = 10_000_000
_FILES = 3


def silence() -> None:
    """Nothing on the screen before it is known where the log goes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def set_up(home: Path, *, stderr_level: str, json_lines: bool = False) -> None:
    """Send everything at ``info`` and above to ``logs/ontologie.log``, and ``stderr_level`` and above to stderr:
    there as text to read, or as the same JSON lines. Raises OperatorError (HOME_NOT_WRITABLE)."""
    file = _file(home / "logs")
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    file.setLevel(logging.INFO)
    file.setFormatter(_formatter(shared, structlog.processors.JSONRenderer(ensure_ascii=False)))
    screen = logging.StreamHandler(sys.stderr)
    screen.setLevel(stderr_level.upper())
    screen.addFilter(_concerns_somebody)
    console = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    screen.setFormatter(_formatter([*shared, _without_traceback], _without_traceback, console))
    if json_lines:
        screen.setFormatter(file.formatter)
    logging.raiseExceptions = False  # a full disk takes no lines: telling so for each of them would bury what we say
    root = logging.getLogger()
    root.handlers = [file, screen]
    root.setLevel(logging.DEBUG if stderr_level == "debug" else logging.INFO)
    for name in ("procrastinate", "uvicorn", "uvicorn.access", "httpx", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


class SharedFile(logging.handlers.RotatingFileHandler):
    """A log of several processes. Each finds it full; one of them rotates it, and the others open the new one: else
    every process would push the lines of all a file further, and soon out."""

    def doRollover(self) -> None:
        with Path(self.baseFilename).with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            file = Path(self.baseFilename)
            if self.stream is None or (file.exists() and os.path.samestat(file.stat(), os.fstat(self.stream.fileno()))):
                super().doRollover()
            else:
                self.stream.close()
                self.stream = self._open()


def _file(folder: Path) -> logging.Handler:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # the home folder lets PostgreSQL's user walk through
        return SharedFile(folder / "ontologie.log", maxBytes=_FILE_BYTES, backupCount=_FILES, encoding="utf-8")
    except (PermissionError, FileExistsError, IsADirectoryError) as error:  # another user's, or no folder at all
        raise OperatorError(str(error), code="HOME_NOT_WRITABLE", path=str(error.filename or folder)) from None


def _concerns_somebody(record: logging.LogRecord) -> bool:
    """Not psycopg's word on work that was ended in the middle, by a browser that hung up: it mends the connection."""
    return not (record.name.startswith("psycopg") and record.getMessage().startswith("error ignored in rollback"))


def _without_traceback(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A traceback belongs to the file, not to the screen."""
    event.pop("exception", None)
    event.pop("exc_info", None)
    return event


def _formatter(
    shared: list[structlog.typing.Processor], *last: structlog.typing.Processor
) -> structlog.stdlib.ProcessorFormatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    )
