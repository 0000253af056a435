"""The real command, forked from a process that has read its modules: that is most of a start, and there are hundreds.

What runs is a process of its own, with the arguments, environment, folder and output that it would have been started
with. Who sends it signals or measures its start starts it as a user does.
"""

import atexit
import contextlib
import functools
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

_LONGEST_BYTES = 100_000


def run(command: list[str], environment: dict[str, str], *, timeout_s: float) -> subprocess.CompletedProcess[str]:
    """As ``subprocess.run`` with its output captured. Raises TimeoutError when it has to kill it."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, its, tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        request = json.dumps([command, environment, str(Path.cwd())]).encode()
        socket.send_fds(_server(), [request], [its.fileno(), out.fileno(), err.fileno()])
        its.close()
        pid = int(ours.recv(20))
        ours.settimeout(timeout_s)
        try:
            status = int(ours.recv(20))
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            raise
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, os.waitstatus_to_exitcode(status), out.read(), err.read())


@functools.cache
def _server() -> socket.socket:
    """Where requests go. It ends when this process does."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        # Its environment has nothing that ours would not hand on to a command; the allocator is chosen at import.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["ARROW_DEFAULT_MEMORY_POOL"] = "system"
        command = [sys.executable, __file__, str(its.fileno())]
        process = subprocess.Popen(command, env=environment, pass_fds=[its.fileno()])
    atexit.register(process.wait)
    atexit.register(ours.close)  # before that
    return ours


def _serve(requests: socket.socket) -> None:
    """Returns in the command's process, and there only."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's, meant for the commands
    while True:
        request, files, _, _ = socket.recv_fds(requests, _LONGEST_BYTES, 3)
        if not request:
            os._exit(0)
        if os.fork() == 0:
            requests.close()
            return _command(*json.loads(request), *files)
        for file in files:
            os.close(file)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _command(command: list[str], environment: dict[str, str], folder: str, *files: int) -> None:
    """In a process that waits for it: the command's own, ready to begin."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    answer, out, err = files
    pid = os.fork()
    if pid:
        with socket.socket(fileno=answer) as asker, contextlib.suppress(BrokenPipeError):
            asker.send(str(pid).encode())
            asker.send(str(os.waitpid(pid, 0)[1]).encode())
        os._exit(0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    for file in files:
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = command


if __name__ == "__main__":
    sys.path[0] = str(Path(sys.executable).parent)  # as for the command
    import ontologie.cli

    command = ontologie.cli.main  # a module of that name takes its place
    importlib.import_module("ontologie.cli.main")
    _serve(socket.socket(fileno=int(sys.argv[1])))
    command()
