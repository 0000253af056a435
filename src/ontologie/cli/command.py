"""Running a command's coroutine inside the system, and turning its errors into sentences and exit codes."""

import asyncio
import os
import signal
import sys
import tomllib
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import TypeVar

import structlog
import typer
import uvloop
from pydantic import ValidationError

from ontologie.cli import INTERRUPTED, logs, output, simulator
from ontologie.errors import OntologieError, OperatorError
from ontologie.services.context import Context
from ontologie.settings import Settings, unknown_variables
from ontologie.tracing import traced
from ontologie.wiring import prepare_home, system

T = TypeVar("T")
_SWITCH_SECONDS = 0.0005
"""How long the loop that sends requests waits, at every wake, for a thread that conforms records (Python: 5 ms)."""
log = structlog.get_logger(__name__)


def load_settings() -> Settings:
    """The settings in force. Raises OperatorError (SETTING_WRONG) naming the wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "ONTOLOGIE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise OperatorError(str(first["msg"]), code="SETTING_WRONG", setting=name, reason=first["msg"]) from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OperatorError(str(error), code="SETTING_WRONG", setting="ontologie.toml", reason=str(error)) from None


def _warn_of_unknown() -> None:
    for name in unknown_variables(os.environ):
        log.info("setting_unknown", setting=name)
        output.warn("SETTING_UNKNOWN", setting=name)


def run(work: Callable[[Settings], Awaitable[T]], *, stderr_level: str | None = "warning") -> T:
    """Run ``work`` to its end; every error that a user can meet becomes a sentence and an exit code."""
    logs.silence()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        settings = load_settings()
        prepare_home(settings.home)
        logs.set_up(settings.home, stderr_level=stderr_level or settings.log_level, json_lines=settings.log_json)
        _warn_of_unknown()
        with traced(settings.traces_url, version=version("ontologie")):
            return uvloop.run(_awaited(work, settings))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except asyncio.CancelledError:  # SIGTERM, and what we had begun has ended: so do we, as anyone whom it ends
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.raise_signal(signal.SIGTERM)
        raise
    except OntologieError as error:
        log.info("command_failed", code=error.code, detail=str(error))
        raise typer.Exit(output.report(error)) from None
    except OSError as error:
        log.exception("command_failed")
        code = "DISK_NEARLY_FULL" if error.errno == 28 else "INTERNAL_ERROR"  # noqa: PLR2004 - ENOSPC
        raise typer.Exit(output.report(OperatorError(str(error), code=code))) from None
    except Exception:
        log.exception("command_failed")
        raise typer.Exit(output.report(OntologieError())) from None


def in_system(work: Callable[[Context], Awaitable[T]]) -> T:
    """Run ``work`` with the services, the database started where needed."""

    async def inside(settings: Settings) -> T:
        async with system(settings, simulator=await simulator.beside(settings)) as context:
            return await work(context)

    return run(inside)


async def _awaited(work: Callable[[Settings], Awaitable[T]], settings: Settings) -> T:
    """Its result. SIGTERM ends it as Ctrl-C does: it cleans up after itself."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work(settings)
