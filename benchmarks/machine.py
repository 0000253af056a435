"""What the machine tells of its processes and cores."""

import os
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """User and system time of a process and its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def family_cpu_s(pid: int) -> float:
    """The same of a process with its children, those that have ended included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ended = (int(fields[13]) + int(fields[14])) / _TICKS
    total = cpu_s(pid) + ended
    for child in children:
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended this moment: its parent's next figure has it
            total += cpu_s(int(child))
    return total


def peak_mb(pid: int) -> int:
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


def busy() -> dict[int, tuple[int, int]]:
    """(busy, all) ticks of each core so far."""
    found = {}
    for line in Path("/proc/stat").read_text().splitlines():
        if line.startswith("cpu") and line[3].isdecimal():
            ticks = [int(field) for field in line.split()[1:9]]
            found[int(line.split()[0][3:])] = (sum(ticks) - ticks[3] - ticks[4], sum(ticks))
    return found


def busy_since(before: dict[int, tuple[int, int]]) -> dict[int, str]:
    now = busy()
    return {core: f"{(now[core][0] - was) / max(1, now[core][1] - all_):.0%}" for core, (was, all_) in before.items()}
