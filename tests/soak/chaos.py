"""What happens to the processes meanwhile."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Self

from tests.fleet import Fleet, until

_WORKERS = 3
_BETWEEN_S = (8.0, 25.0)
_FREEZE_S = 12.0
_SAMPLE_EVERY_S = 5.0
_CALM_PATIENCE_S = 180


class Chaos:
    """Kills, freezes and asks to leave, by a seed; restarts the database at one third and at two thirds of the time.

    One worker is left alone, so that its memory can be watched from the first minute to the last.
    """

    def __init__(self, fleet: Fleet, *, seed: int) -> None:
        self._fleet = fleet
        self._random = random.Random(seed)
        self._victims: list[subprocess.Popen[str]] = []
        self.done: Counter[str] = Counter()
        self.memory_mb: list[float] = []
        self.seconds = 0.0

    def __enter__(self) -> Self:
        self._survivor = self._fleet.worker()
        self._victims = [self._fleet.worker() for _ in range(_WORKERS - 1)]
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._victims:
            os.killpg(process.pid, signal.SIGCONT)

    def rage(self, seconds: float) -> None:
        """Do harm for so long."""
        begun = time.monotonic()
        restarts = [begun + seconds / 3, begun + seconds * 2 / 3]
        next_harm = begun + self._random.uniform(*_BETWEEN_S)
        next_sample = begun
        while (now := time.monotonic()) < begun + seconds:
            if restarts and now >= restarts[0]:
                restarts.pop(0)
                self._restart_database(gently=len(restarts) == 1)
            if now >= next_harm:
                self._harm_a_worker()
                next_harm = time.monotonic() + self._random.uniform(*_BETWEEN_S)
            if now >= next_sample:
                next_sample = now + _SAMPLE_EVERY_S
                self.memory_mb.append(_resident_mb(self._survivor.pid))
            time.sleep(0.5)
        self.seconds = time.monotonic() - begun

    def calm(self) -> None:
        """Let the runs that are open end, and read everything once more by a full check."""
        names = [row["name"] for row in self._fleet.rows("SELECT name FROM sources ORDER BY name")]
        for name in names:
            self._fleet.installation.run("source", "frequency", name, "manual")
        for name in names:
            until(lambda name=name: self._fleet.ended(name), f"{name} ended", _CALM_PATIENCE_S)  # type: ignore[misc]
            self._fleet.installation.run("sync", name, "--check", "--confirm-deletions")

    @property
    def survivor_lives(self) -> bool:
        return self._survivor.poll() is None

    def _harm_a_worker(self) -> None:
        victim = self._random.choice(self._victims)
        harm = self._random.choice(["killed", "killed", "asked to leave", "frozen"])
        self.done[f"workers {harm}"] += 1
        if harm == "frozen":
            os.killpg(victim.pid, signal.SIGSTOP)
            time.sleep(_FREEZE_S)
            os.killpg(victim.pid, signal.SIGCONT)
            return
        if harm == "killed":
            os.killpg(victim.pid, signal.SIGKILL)
            victim.communicate()
        else:
            victim.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            victim.wait(timeout=30)
            self.done["leaving took over 10 s"] += time.monotonic() - begun > 10
        self._victims[self._victims.index(victim)] = self._fleet.worker()

    def _restart_database(self, *, gently: bool) -> None:
        """SIGINT is PostgreSQL's fast shutdown; either way a worker starts it again."""
        self.done[f"PostgreSQL {'stopped' if gently else 'killed'} under load"] += 1
        lock = next(Path(self._fleet.installation.home, "postgres").glob("data-*/postmaster.pid"))
        os.kill(int(lock.read_text().split()[0]), signal.SIGINT if gently else signal.SIGKILL)


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"{pid} has no memory")
